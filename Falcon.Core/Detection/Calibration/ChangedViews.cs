using Falcon.Backbones;
using Falcon.Data;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>Good photos as the camera might have taken them a moment later: turned a little, a little lighter or darker.</summary>
/// <param name="teacher">The frozen teacher; it stays the caller's.</param>
/// <param name="seed">The master seed; each view is drawn from its stream <c>calibration-views</c>, all tiles of one alike.</param>
/// <param name="loaderWorkers">Threads that decode photos ahead; they do not change the result.</param>
internal sealed class ChangedViews(Teacher teacher, MasterSeed seed, int loaderWorkers) : IImageInputs
{
    private const double LargestAngle = 3 * Math.PI / 180, LargestGain = 0.05;

    /// <summary>What views of photos are called, those of one photo together.</summary>
    /// <param name="photos">The photos.</param>
    /// <param name="views">Of each.</param>
    public static ImageItem[] Of(IEnumerable<ImageItem> photos, int views) =>
        [.. photos.SelectMany(photo => Enumerable.Range(0, views).Select(view => photo with { RelativeName = $"{photo.RelativeName} {view}" }))];

    /// <inheritdoc/>
    public IEnumerable<ImageInput> Load(
        IReadOnlyList<ImageItem> images, Preprocessing preprocessing, InputNeeds needs, CancellationToken cancellation = default)
    {
        foreach (var photo in ImageLoader.Load(images, preprocessing, loaderWorkers, cancellation))
        {
            var view = photo with { Pixels = Changed(photo.Pixels, preprocessing, seed.Stream("calibration-views", photo.Item.RelativeName)) };
            photo.Pixels.Dispose();
            yield return ComputedInputs.Compute(teacher, view, preprocessing, needs, () => preprocessing.Picture(view.Pixels.data<float>().ToArray()));
        }
    }

    private static Tensor Changed(Tensor pixels, Preprocessing preprocessing, RandomStream draws)
    {
        using var scope = NewDisposeScope();
        var (angle, gain) = ((2 * draws.NextDouble() - 1) * LargestAngle, 1 + (2 * draws.NextDouble() - 1) * LargestGain);
        var (mean, deviation) = (Channels(preprocessing.Mean), Channels(preprocessing.Deviation));
        var seen = ((Rotation.Of(pixels.unsqueeze(0), angle) * deviation + mean) * gain).clamp(0, 1);
        return ((seen - mean) / deviation).squeeze(0).DetachFromDisposeScope();

        Tensor Channels(float[] values) => tensor(values, [1, 3, 1, 1], device: pixels.device);
    }
}
