using Falcon.Backbones;
using Falcon.Training;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>DBFAD's training (specification, section 5). What it learns from blurred images is computed once, at the start.</summary>
internal sealed class DbfadTraining : DistillationTraining
{
    private const double BlurDeviation = 0.8;
    private const int TeacherBatch = 8;

    private readonly DbfadOptions _options;
    private readonly DbfadNetwork _network;
    private readonly TrainingImages _images;

    public DbfadTraining(DbfadOptions options, DbfadNetwork network, TrainingImages images) : base(options, Adam(options, network.Student.parameters())) =>
        (_options, _network, _images) = (options, network, options.Blur ? images with { Features = OfBlurred(network.Teacher, images.Pixels!) } : images);

    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var (distances, predictive) = _network.Distances(_images.Batch(batch).Features);
        var loss = FeatureDistance.BatchSum(distances);
        return [(Loss, _options.PredictiveWeight > 0 ? loss + predictive * _options.PredictiveWeight : loss)];
    }

    public override void Dispose()
    {
        base.Dispose();
        if (_options.Blur)
            _images.Features.Dispose();
    }

    /// <summary>Images (N, C, H, W) convolved with a 3×3 Gaussian, borders mirrored without the edge.</summary>
    internal static Tensor Blurred(Tensor images)
    {
        var side = Math.Exp(-1 / (2 * BlurDeviation * BlurDeviation));
        double outer = side / (1 + 2 * side), middle = 1 / (1 + 2 * side);
        return Along(3, Along(2, pad(images, (1, 1, 1, 1), PaddingModes.Reflect)));

        Tensor Along(long dimension, Tensor x)
        {
            var length = x.shape[dimension] - 2;
            return (x.narrow(dimension, 0, length) + x.narrow(dimension, 2, length)) * outer + x.narrow(dimension, 1, length) * middle;
        }
    }

    private static TeacherFeatures OfBlurred(Teacher teacher, Tensor images)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var parts = images.split(TeacherBatch).Select(part => teacher.SharedFeatures(Blurred(part), DbfadOptions.Taps)).ToList();
        return new TeacherFeatures(DbfadOptions.Taps, DbfadOptions.Taps.Select(tap => cat([.. parts.Select(part => part[tap])]))).Detached();
    }
}
