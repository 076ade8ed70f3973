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
        var sources = network.Predict(images).Select((predicted, source) => Distances(predicted, images, source)).ToArray();
        Tensor[] layers = [.. TeacherPretrainingNetwork.Taps.Select((_, layer) => stack(sources.Select(losses => losses[layer])).mean())];
        return [(Loss, stack(layers).mean()), .. layers.Select((loss, i) => ($"layer{i + 1}", loss))];
    }

    /// <summary>The mean square by which each layer of a source is missed.</summary>
    private Tensor[] Distances(Tensor[] predicted, Tensor images, int source)
    {
        var wanted = network.Sources[source].Features(images, TeacherPretrainingNetwork.Taps);
        return [.. predicted.Select((layer, i) => (layer - network.Statistics[source][i].call(wanted[i])).square().mean())];
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
        var moments = network.Sources.Select(_ => taps.Select(_ => new List<Tensor>()).ToArray()).ToArray();
        for (var batch = 0; batch < options.StatisticsBatches; batch++)
        {
            using var pass = NewDisposeScope();
            var images = Tensors(crops.StatisticsBatch(batch)).Images;
            foreach (var (source, layers) in network.Sources.Zip(moments))
                foreach (var (features, layer) in source.Features(images, taps).Zip(layers))
                    layer.Add(ChannelStatistics.Moments(features).MoveToOuterDisposeScope());
        }
        foreach (var (statistics, layers) in network.Statistics.Zip(moments))
            foreach (var (channels, layer) in statistics.Zip(layers))
                channels.Measure(layer);
    }

    private (Tensor Images, Tensor Families) Tensors(CropBatch batch)
    {
        var device = network.Teacher.Device;
        return (tensor(batch.Pixels, [batch.Families.Length, 3, options.InputSize.Height, options.InputSize.Width], device: CPU).PlacedOn(device), tensor(batch.Families, device: device));
    }
}
