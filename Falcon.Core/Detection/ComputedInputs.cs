using Falcon.Backbones;
using Falcon.Data;
using Falcon.Engine;
using Falcon.Imaging;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>Decodes images on worker threads and runs the teacher on each.</summary>
/// <param name="teacher">The frozen teacher; it stays the caller's.</param>
/// <param name="loaderWorkers">Threads that decode images ahead; they do not change the result.</param>
public sealed class ComputedInputs(Teacher teacher, int loaderWorkers) : IImageInputs
{
    /// <inheritdoc/>
    public IEnumerable<ImageInput> Load(
        IReadOnlyList<ImageItem> images, Preprocessing preprocessing, InputNeeds needs, CancellationToken cancellation = default) =>
        ImageLoader.Load(images, preprocessing, loaderWorkers, cancellation)
            .Select(image => Compute(teacher, image, preprocessing, needs, () => preprocessing.Read(image.Item)));

    /// <summary>What <see cref="Load"/> gives of a file with the same pixels.</summary>
    /// <param name="teacher">The frozen teacher.</param>
    /// <param name="item">What the image is called.</param>
    /// <param name="image">RGB; what is outside of its region of interest is painted over.</param>
    /// <param name="preprocessing">How an image becomes an input.</param>
    /// <param name="needs">What is wanted of it.</param>
    /// <exception cref="InvalidInputException">It is smaller than a tile.</exception>
    internal static IEnumerable<ImageInput> Of(Teacher teacher, ImageItem item, RasterImage image, Preprocessing preprocessing, InputNeeds needs) =>
        ImageLoader.Of(item, image, preprocessing).Select(input => Compute(teacher, input, preprocessing, needs, () => image));

    /// <summary>What is wanted of one image or tile, outside of every dispose scope.</summary>
    /// <param name="teacher">The frozen teacher.</param>
    /// <param name="image">Its pixels are disposed, or belong to the result.</param>
    /// <param name="preprocessing">How it became an input.</param>
    /// <param name="needs">What is wanted.</param>
    /// <param name="whole">Reads the image of the file as it is looked at.</param>
    internal static ImageInput Compute(Teacher teacher, LoadedImage image, Preprocessing preprocessing, InputNeeds needs, Func<RasterImage> whole)
    {
        ComputeThreads.Adopt();
        using var turn = new DeviceTurn(teacher.Device);
        using var scope = NewDisposeScope();
        var pixels = image.Pixels.unsqueeze(0);
        var features = teacher.SharedFeatures(pixels, needs.Taps).Detached();
        var prepared = TrainingImages.Prepare(
            needs.Preparation, teacher, pixels, () => image.Tile is null ? whole() : preprocessing.Picture(image.Pixels.data<float>().ToArray()));
        image.Pixels.Dispose();
        return new(image.Item, needs.Pixels ? pixels.DetachFromDisposeScope() : null, features, prepared, image.Width, image.Height, image.Tile, image.Region);
    }
}
