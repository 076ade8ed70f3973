using Falcon.Backbones;
using Falcon.Data;
using Falcon.Engine;
using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Pretraining;

/// <summary>The steps of pre-training. Images are read as they are needed, there being too many to hold.</summary>
/// <param name="options">Recipe.</param>
/// <param name="network">The network to train.</param>
/// <param name="files">The image files; indices of a batch select them.</param>
/// <param name="seed">Selects which images turn grey.</param>
internal sealed class PdnPretrainingRun(PdnPretrainingOptions options, PdnPretrainingNetwork network, IReadOnlyList<string> files, MasterSeed seed)
    : PretrainingRun(options, network.Described.parameters())
{
    private const double GreyShare = 0.1;

    private static readonly BackboneTap[] Taps = [BackboneTap.Layer2, BackboneTap.Layer3];

    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var images = Read(batch, $"{moment.Step}");
        var target = network.Statistics.call(Target(images));
        return [(Loss, (target - network.Described.Describe(Input(images, options.InputSize.Width))).square().mean())];
    }

    /// <summary>Mean and deviation of each channel of the target: the mean first, the deviation in a second pass.</summary>
    protected override void Measure()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var batches = Enumerable.Range(0, Math.Min(files.Count, options.StatisticsImages)).Chunk(options.BatchSize).ToList();
        network.Statistics.Mean.copy_(Mean(target => target));
        network.Statistics.Deviation.copy_(Mean(target => (target - network.Statistics.Mean.reshape(1, -1, 1, 1)).square()).sqrt());

        Tensor Mean(Func<Tensor, Tensor> of)
        {
            var sum = zeros_like(network.Statistics.Mean);
            foreach (var batch in batches)
            {
                using var pass = NewDisposeScope();
                sum.add_(of(Target(Read(batch, "statistics"))).mean([0, 2, 3]));
            }
            return sum / batches.Count;
        }
    }

    private Tensor Target(IReadOnlyList<RasterImage> images)
    {
        var features = network.Teacher.Features(Input(images, 2 * options.InputSize.Width), Taps);
        return PretrainingTarget.Of(features[0], features[1]);
    }

    private Tensor Input(IReadOnlyList<RasterImage> images, int side)
    {
        var preprocessing = Preprocessing.To(side, options.Resizing);
        return tensor(images.SelectMany(preprocessing.Apply).ToArray(), [images.Count, 3, side, side], device: CPU).PlacedOn(network.Teacher.Device);
    }

    /// <summary>A tenth of the images turns grey, for both networks alike.</summary>
    private List<RasterImage> Read(ReadOnlySpan<int> batch, string draw)
    {
        var images = new List<RasterImage>();
        foreach (var index in batch)
        {
            var image = ImageFile.ReadRgb(files[index]);
            images.Add(seed.Stream("grey", $"{index}/{draw}").NextDouble() < GreyShare ? image.ToGray().ToRgb() : image);
        }
        return images;
    }
}
