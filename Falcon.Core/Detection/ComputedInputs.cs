using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>Decodes images on worker threads and runs the teacher on a few at once. Each image's features are the same in whatever batch it is.</summary>
/// <param name="teacher">The frozen teacher; it stays the caller's.</param>
/// <param name="loaderWorkers">Threads that decode images ahead; they do not change the result.</param>
public sealed class ComputedInputs(Teacher teacher, int loaderWorkers) : IImageInputs
{
    private const int TeacherBatch = 8;

    /// <inheritdoc/>
    public IEnumerable<ImageInput> Load(
        IReadOnlyList<ImageItem> images, Preprocessing preprocessing, InputNeeds needs, CancellationToken cancellation = default) =>
        ImageLoader.Load(images, preprocessing, loaderWorkers, cancellation).Chunk(TeacherBatch).SelectMany(batch => Compute(batch, preprocessing, needs));

    private ImageInput[] Compute(LoadedImage[] images, Preprocessing preprocessing, InputNeeds needs)
    {
        using var scope = NewDisposeScope();
        var pixels = stack([.. images.Select(image => image.Pixels)]);
        var features = teacher.SharedFeatures(pixels, needs.Taps);
        var inputs = images.Select((image, i) => new ImageInput(
            image.Item, needs.Pixels ? image.Pixels.unsqueeze(0).DetachFromDisposeScope() : null, Copy(features.At(i)),
            TrainingImages.Prepare(needs.Preparation, teacher, pixels.narrow(0, i, 1), () => Picture(image)), image.Width, image.Height, image.Tile, image.Region)).ToArray();
        foreach (var image in images)
            image.Pixels.Dispose();
        return inputs;

        RasterImage Picture(LoadedImage image) => image.Tile is null
            ? preprocessing.Read(image.Item)
            : preprocessing.Picture(image.Pixels.data<float>().ToArray());

        // A view would keep the whole batch alive.
        static TeacherFeatures Copy(TeacherFeatures view) => new TeacherFeatures(view.Taps, view.Taps.Select(tap => view[tap].clone())).Detached();
    }
}
