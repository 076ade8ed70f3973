using Falcon.Backbones;
using Falcon.Data;
using Falcon.Engine;
using Falcon.Imaging;
using Falcon.Training;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The normal images a method learns from, with what its <see cref="MethodOptions.TrainingNeeds"/> name.</summary>
/// <param name="Pixels">(k, 3, H, W) float32, normalised; null when training does not read pixels. Disposed with this record.</param>
/// <param name="Features">The teacher's features of all images; disposed with this record.</param>
/// <param name="Prepared">What was prepared of each image; empty lists when there is no preparation.</param>
/// <param name="Names">A name for each, unique: it selects the image's random streams.</param>
public sealed record TrainingImages(
    Tensor? Pixels, TeacherFeatures Features, IReadOnlyList<IReadOnlyList<StoredTensor>> Prepared, IReadOnlyList<string> Names) : IDisposable
{
    /// <summary>The number of images.</summary>
    public int Count => Names.Count;

    /// <summary>(k, H, W) bool: which pixels of the inputs are looked at; null for all. Disposed with this record.</summary>
    public Tensor? Inside { get; init; }

    /// <summary>Which images are trained on and which are held out.</summary>
    public TrainingSplit Split { get; init; } = TrainingSplit.All(Names.Count);

    /// <summary>Some of the images as one batch, in the order of the indices; belongs to the caller's dispose scope.</summary>
    public NetworkInput Batch(ReadOnlySpan<int> indices)
    {
        using var scope = NewDisposeScope();
        var selected = tensor(Array.ConvertAll(indices.ToArray(), index => (long)index), device: CPU);
        return new(Take(Pixels), new(Features.Taps, Features.Taps.Select(tap => Take(Features[tap])!)));

        Tensor? Take(Tensor? values) => values?.index_select(0, selected.PlacedOn(values.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Computes what a method needs of images in memory.</summary>
    /// <param name="needs">The method's <see cref="MethodOptions.TrainingNeeds"/>.</param>
    /// <param name="teacher">The frozen teacher.</param>
    /// <param name="pixels">(k, 3, H, W) float32, normalised; on any device; belongs to the result.</param>
    /// <param name="names">A name for each image.</param>
    public static TrainingImages Of(InputNeeds needs, Teacher teacher, Tensor pixels, IReadOnlyList<string> names)
    {
        using var scope = NewDisposeScope();
        var features = teacher.SharedFeatures(pixels, needs.Taps).Detached();
        var prepared = Enumerable.Range(0, names.Count).Select(i => Prepare(needs.Preparation, teacher, pixels.narrow(0, i, 1))).ToList();
        var placed = pixels.PlacedOn(teacher.Device).DetachFromDisposeScope();
        if (placed != (object)pixels)
            pixels.Dispose();
        return new(placed, features, prepared, names);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pixels?.Dispose();
        Features.Dispose();
        Inside?.Dispose();
    }

    /// <summary>The 8-bit image that the pixels of an image were made of, at the size of the input.</summary>
    internal RasterImage Picture(int index, Preprocessing preprocessing)
    {
        using var scope = NewDisposeScope();
        return Picture(Pixels![index], preprocessing);
    }

    /// <param name="preparation">What to compute; null for nothing.</param>
    /// <param name="teacher">The frozen teacher.</param>
    /// <param name="image">(1, 3, H, W) float32, normalised.</param>
    /// <param name="file">Reads the image of the file; null when it is in memory alone, normalised with ImageNet's statistics.</param>
    internal static IReadOnlyList<StoredTensor> Prepare(ImagePreparation? preparation, Teacher teacher, Tensor image, Func<RasterImage>? file = null)
    {
        if (preparation is null)
            return [];
        using var scope = NewDisposeScope();
        var picture = preparation.ReadsFile ? file?.Invoke() ?? Picture(image[0], new((int)image.shape[3], (int)image.shape[2])) : null;
        return preparation.Of(teacher.SharedFeatures(image, preparation.Taps), picture, (int)image.shape[2], (int)image.shape[3]);
    }

    private static RasterImage Picture(Tensor pixels, Preprocessing preprocessing) =>
        preprocessing.Picture(pixels.cpu().contiguous().data<float>().ToArray());
}
