using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>train*.safetensors</c>: prototypes of two batches, then three steps on the first with given patches, masks and dropout,
/// in float32: distances to near prototypes are differences of large squares, whose rounding is in the reference.</summary>
internal static class PcsNetTrainParity
{
    private const double First = 1e-4, Later = 1e-3, RotatingHead = 2e-3, FullMapHead = 2e-2;
    private const int Steps = 3;

    public static void Run(ParityFixture fixture, IReadOnlyList<int> blocks, bool rotating)
    {
        using var resNet = PcsNetParity.Network(fixture, blocks);
        using var teacher = Teacher.Of(resNet, "parity rule");
        var (x, x2, aug) = (fixture.Images("x"), fixture.Images("x2"), fixture.Images("aug"));
        var count = (int)x.shape[0];
        var mask = fixture.Input("mask0", () => Mask(count, PcsNetParity.RecordedMap)).to(ScalarType.Float32);
        var gridMask = fixture.Input("mask1", () => AreaFilter.Resize(Mask(count, PcsNetParity.RecordedMap).to(ScalarType.Float32), PcsNetParity.RecordedGrid, PcsNetParity.RecordedGrid));
        var keep = fixture.Input("keep", () => fixture.Uniform("keep", Steps, count, PcsNetParity.RecordedChannels).lt(SegmentationNetwork.Kept).to(ScalarType.Byte));
        int[] replaced = [.. fixture.Input("replaced", () => arange(count / 2, count, ScalarType.Int64)).data<long>().Select(row => (int)row)];
        var options = new PcsNetOptions(PcsNetParity.Options((int)gridMask.shape[^1], (int)keep.shape[^1], mask.shape, rotating)) { BatchSize = count };

        var (clean, other, pasted) = (Features(resNet, x), Features(resNet, x2), Features(resNet, aug));
        var (good, others) = (PcsNetNetwork.Levels(clean), PcsNetNetwork.Levels(other));
        fixture.Check("feat", good, First, from: 1);
        using var network = fixture.Network<PcsNetNetwork>(options, teacher);
        network.Train(true);
        using (no_grad())
        {
            PcsNetParity.Refill(fixture, network);
            resNet.train();
            network.Adaptor.Fit(((Tensor[])[x, x2]).Select(images => PcsNetNetwork.Levels(new(PcsNetOptions.Taps, resNet.call(images, PcsNetOptions.Taps)))));
            fixture.Check("prototypes_backbone_training", network.Adaptor.Prototypes, First);

            PcsNetParity.Refill(fixture, network);
            network.Adaptor.Fit([good, others]);
            fixture.Check("prototypes", network.Adaptor.Prototypes, First);
            bool[] isReplaced = [.. Enumerable.Range(0, count).Select(i => replaced.Contains(i))];
            var description = network.Adaptor.Descriptor.call([.. good.Zip(PcsNetNetwork.Levels(pasted), (a, b) => PcsNetTraining.Mix(a, b, isReplaced))]);
            var nearest = network.Adaptor.Nearest(description, network.Neighbours).Distances;
            fixture.Check("mix_feature", PcsNetParity.Shown(description), First);
            fixture.Check("mix_score", network.Layers(nearest), First);
            fixture.Check("score1", PcsNetLosses.Scores(nearest), First);
            fixture.Check("map", network.Segment(description, nearest, keep[0]).unsqueeze(1), First);
        }

        PcsNetParity.Refill(fixture, network);
        string[] names = [.. Enumerable.Range(0, 2 * count).Select(i => $"{i}")];
        using var images = new TrainingImages(null, TeacherFeatures.Join([clean, other]).Detached(), [.. names.Select(_ => Array.Empty<Weights.StoredTensor>())], names);
        using var run = new PcsNetTraining(options, network, images, (moment, _, _) => new(pasted, mask, gridMask, replaced, keep[moment.Step]));
        for (var step = 0; step < Steps; step++)
        {
            var losses = run.Step(new(0, 1, step, Steps), [.. Enumerable.Range(0, count)], new StepClock());
            foreach (var (stored, loss) in new[] { ("nfc", "near"), ("afs", "far"), ("pdc", "disparity"), ("seg", "segmentation"), ("total", "loss") })
                fixture.Check($"step{step + 1}.{stored}", tensor([losses.First(each => each.Name == loss).Value], ScalarType.Float64), step == 0 ? First : Later);
            if (step > 0)
                continue;
            fixture.CheckGradients("grad.A.", network.Adaptor, First);
            fixture.CheckGradients("grad.cas.", network.Segmentation, First);
        }
        double? head = rotating ? RotatingHead : null;
        foreach (var (prefix, module) in network.Parts)
            fixture.CheckGradients($"after{Steps}.{prefix}.", module.state_dict().Select(entry => (entry.Key, entry.Value)), Later, head);
        network.Train(false);
        var map = network.Map(new NetworkInput(null, clean)).unsqueeze(1);
        fixture.Check($"after{Steps}.eval.map", map, Later, head: options.Grid == PcsNetParity.FullGrid ? FullMapHead : head);
    }

    /// <summary>Batch norms unfolded, as in the reference.</summary>
    private static TeacherFeatures Features(ResNet network, Tensor images)
    {
        using var frozen = no_grad();
        return new(PcsNetOptions.Taps, network.call(images, PcsNetOptions.Taps));
    }

    /// <summary>A rectangle in every image.</summary>
    private static Tensor Mask(int count, int size)
    {
        var mask = zeros([count, 1, size, size], ScalarType.Byte, device: CPU);
        mask[.., .., TensorIndex.Slice(size / 4, size / 2), TensorIndex.Slice(size / 3, size / 2)] = 1;
        return mask;
    }
}
