using Falcon.Engine;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Pretraining;

/// <summary>The steps of a compact teacher's training.</summary>
/// <param name="options">Recipe.</param>
/// <param name="network">The network to train.</param>
/// <param name="crops">What it sees; disposed with this run.</param>
internal sealed class TeacherPretrainingRun(TeacherPretrainingOptions options, TeacherPretrainingNetwork network, PictureCrops crops)
    : PretrainingRun(options, network.Trained)
{
    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var (images, families) = Tensors(crops.Batch(moment.Step));
        if (options.FromScratch)
        {
            var logits = network.Classify(images);
            var right = (logits.argmax(1) == families).to(ScalarType.Float32).mean();
            return [(Loss, nn.functional.cross_entropy(logits, families)), ("accuracy", right)];
        }
        var wanted = network.Teacher.Features(images, TeacherPretrainingNetwork.Taps);
        var layers = network.Predict(images)
            .Select((predicted, i) => (predicted - network.Statistics[i].call(wanted[i])).square().mean())
            .ToList();
        return [(Loss, stack(layers).mean()), .. layers.Select((loss, i) => ($"layer{i + 1}", loss))];
    }

    public override void Dispose()
    {
        crops.Dispose();
        base.Dispose();
    }

    /// <summary>Over batches that are not trained on.</summary>
    protected override void Measure()
    {
        if (options.FromScratch)
            return;
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var taps = TeacherPretrainingNetwork.Taps;
        var moments = taps.Select(_ => new List<Tensor>()).ToList();
        for (var batch = 0; batch < options.StatisticsBatches; batch++)
        {
            using var pass = NewDisposeScope();
            var features = network.Teacher.Features(Tensors(crops.StatisticsBatch(batch)).Images, taps);
            for (var i = 0; i < taps.Length; i++)
                moments[i].Add(ChannelStatistics.Moments(features[i]).MoveToOuterDisposeScope());
        }
        for (var i = 0; i < taps.Length; i++)
            network.Statistics[i].Measure(moments[i]);
    }

    private (Tensor Images, Tensor Families) Tensors(CropBatch batch)
    {
        var device = network.Teacher.Device;
        return (tensor(batch.Pixels, [batch.Families.Length, 3, options.InputSize.Height, options.InputSize.Width], device: CPU).PlacedOn(device), tensor(batch.Families, device: device));
    }
}
