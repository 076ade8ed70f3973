using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>What a step of PCSNet adds to a batch of good images.</summary>
/// <param name="Pasted">The teacher's features of the images with patches.</param>
/// <param name="Mask">1 where patches changed the image, (N, 1, H, W) float32.</param>
/// <param name="GridMask">The same at the size of the grid, in [0, 1].</param>
/// <param name="Replaced">The images of the batch that the segmentation sees with patches.</param>
/// <param name="Keep">The channels that the last dropout keeps, (N, C); null without dropout.</param>
internal sealed record PastedView(TeacherFeatures Pasted, Tensor Mask, Tensor GridMask, IReadOnlyList<int> Replaced, Tensor? Keep);

/// <summary>Gives what a step adds to a batch.</summary>
internal delegate PastedView PastedViewSource(TrainingMoment moment, ReadOnlySpan<int> batch, long? dropoutChannels);

/// <summary>Draws patches, the choice of images and dropout, from streams of their own for each step (specification, sections 4 and 5).</summary>
internal sealed class PastedViews
{
    private readonly PcsNetOptions _options;
    private readonly Teacher _teacher;
    private readonly TrainingImages _images;
    private readonly MasterSeed _seed;
    private readonly Preprocessing _preprocessing;
    private readonly PatchSwap[] _swaps;

    public PastedViews(PcsNetOptions options, Teacher teacher, TrainingImages images, MasterSeed seed)
    {
        (_options, _teacher, _images, _seed, _preprocessing) = (options, teacher, images, seed, options.Preprocessing);
        _swaps = [.. Enumerable.Range(0, images.Count).Select(i => options.SwapOf(images.Picture(i, options.Preprocessing)))];
    }

    /// <inheritdoc cref="PastedViewSource"/>
    public PastedView Draw(TrainingMoment moment, ReadOnlySpan<int> batch, long? dropoutChannels)
    {
        var device = _images.Pixels!.device;
        var (pasted, masks) = (new List<Tensor>(), new List<Tensor>());
        for (var i = 0; i < batch.Length; i++)
        {
            var stream = _seed.Stream("pcsnet/patches", $"{_images.Names[batch[i]]}/{moment.Step}/{i}");
            var swapped = _swaps[batch[i]].Draw(new PatchDraws(stream));
            pasted.Add(_preprocessing.Input(swapped.Image, device));
            masks.Add(Levels(swapped.Label(), device));
        }
        int[] order = [.. Enumerable.Range(0, batch.Length)];
        _seed.Stream("pcsnet/mix", $"{moment.Step}").Shuffle(order.AsSpan());
        var mask = cat(masks);
        return new(
            new TeacherFeatures(PcsNetOptions.Taps, _teacher.Features(cat(pasted), PcsNetOptions.Taps)),
            mask, AreaFilter.Resize(mask, _options.Grid, _options.Grid), [.. order.Take((batch.Length + 1) / 2).Order()],
            dropoutChannels is { } channels ? Kept(moment.Step, batch.Length, channels, device) : null);
    }

    private Tensor Kept(long step, int images, long channels, Device device)
    {
        var stream = _seed.Stream("pcsnet/dropout", $"{step}");
        var values = new float[images * channels];
        for (var i = 0; i < values.Length; i++)
            values[i] = stream.NextDouble() < SegmentationNetwork.Kept ? 1 : 0;
        return tensor(values, [images, channels], device: device);
    }

    private static Tensor Levels(RasterImage mask, Device device) =>
        tensor(Array.ConvertAll(mask.Pixels, value => (float)value), [1, 1, mask.Height, mask.Width], device: device);
}
