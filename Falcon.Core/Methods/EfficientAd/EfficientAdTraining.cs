using Falcon.Backbones;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>EfficientAD's training (specification, section 5): statistics of the teacher first, quantiles of the maps last.</summary>
internal sealed class EfficientAdTraining : DistillationTraining
{
    private readonly EfficientAdNetwork _network;
    private readonly TrainingImages _images;
    private readonly EfficientAdDraws _draws;

    public EfficientAdTraining(EfficientAdOptions options, EfficientAdNetwork network, TrainingImages images, EfficientAdDraws draws)
        : base(options, Adam(options, [.. network.Student.parameters(), .. network.Autoencoder!.parameters()]))
    {
        (_network, _images, _draws) = (network, images, draws);
        using var scope = NewDisposeScope();
        network.Statistics.Fit(images.Batch([.. images.Split.Training]).Features[BackboneTap.Patches]);
    }

    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var input = _images.Batch(batch);
        var hard = _network.Hard(input);
        var penalties = _draws.Penalties(moment.Step, batch.Length);
        var penalty = penalties is null ? zeros_like(hard) : _network.Loudness(penalties);
        var (autoencoder, imitation) = AutoencoderLosses(_draws.Augmented(moment.Step, batch), moment.Step);
        return [(Loss, hard + penalty + autoencoder + imitation), ("hard", hard), ("penalty", penalty), ("autoencoder", autoencoder), ("imitation", imitation)];
    }

    /// <summary>How far the autoencoder is from the teacher, and the student's second half from the autoencoder.</summary>
    /// <param name="augmented">(N, 3, S, S) float32, normalised.</param>
    /// <param name="step">Selects what dropout keeps.</param>
    public (Tensor Autoencoder, Tensor Imitation) AutoencoderLosses(Tensor augmented, long step)
    {
        var teacher = _network.Statistics.call(_network.Teacher.Features(augmented, EfficientAdOptions.Taps)[0]);
        var autoencoder = _network.Autoencoder!;
        var restored = autoencoder.Decode(autoencoder.Code(augmented), autoencoder.training ? (layer, shape) => _draws.Kept(step, layer, shape) : null);
        var student = _network.Student.Describe(augmented).chunk(2, 1)[1];
        return (_network.Living(teacher - restored).square().mean(), _network.Living(restored - student).square().mean());
    }

    public override void Finish(CancellationToken cancellation = default)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var indices = _images.Split.Validation.Count > 0 ? _images.Split.Validation : _images.Split.Training;
        var maps = indices.Select(index => _network.Maps(_images.Batch([index]))).ToList();
        _network.Statistics.FitMaps(
            _draws.Sample(cat([.. maps.Select(map => map.Student)]), "student"), _draws.Sample(cat([.. maps.Select(map => map.Autoencoder)]), "autoencoder"));
    }
}
