using Falcon.Data;
using Falcon.Imaging;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>What a method learns from that <see cref="MethodOptions.LearnsFromDefects"/>: the test images of an auxiliary data set, normal and defective, with
/// masks. There may be thousands: what is read of them is read when it is asked for.</summary>
/// <param name="set">The data set.</param>
/// <param name="preprocessing">How an image becomes an input.</param>
/// <param name="device">Where what is read is placed.</param>
/// <param name="read">What a network reads of some images, on any device; it is copied into the caller's dispose scope.</param>
public sealed class AuxiliaryImages(
    AuxiliarySet set, Preprocessing preprocessing, Device device, Func<IReadOnlyList<ImageItem>, InputNeeds, NetworkInput> read)
{
    private readonly (AuxiliaryCategory Category, ImageItem Item)[] _images =
        [.. set.Categories.SelectMany(category => category.Category.TestImages.Select(item => (category, item)))];

    /// <summary>The data set; its categories have the normal images.</summary>
    public AuxiliarySet Set => set;

    /// <summary>How an image becomes an input.</summary>
    public Preprocessing Preprocessing => preprocessing;

    /// <summary>The number of test images of all categories.</summary>
    public int Count => _images.Length;

    /// <summary>A name for each test image, unique: category and relative name.</summary>
    public IReadOnlyList<string> Names => [.. _images.Select(image => $"{image.Category.Category.Name}/{image.Item.RelativeName}")];

    /// <summary>A test image, and its category.</summary>
    public (AuxiliaryCategory Category, ImageItem Item) this[int index] => _images[index];

    /// <summary>Some unchanged images of whichever categories as one batch, in their order; belongs to the caller's dispose scope.</summary>
    /// <param name="items">At least one.</param>
    /// <param name="needs">What is wanted of each, no more than <see cref="MethodOptions.TrainingNeeds"/> names.</param>
    public NetworkInput Read(IReadOnlyList<ImageItem> items, InputNeeds needs) => read(items, needs).PlacedOn(device);

    /// <summary>Where an image is defective, (H, W) float32 at the size of the input: 1 or 0. Black without a mask.</summary>
    /// <param name="index">The test image.</param>
    public Tensor Mask(int index) => MaskFile(index) is { } mask ? Mask(mask) : zeros(preprocessing.Height, preprocessing.Width, device: device);

    /// <summary>The mask as its file has it, 255 where there is a defect, else 0; null where there is none.</summary>
    /// <param name="index">The test image.</param>
    public RasterImage? MaskFile(int index) => MaskFile(_images[index].Category.Category, _images[index].Item);

    /// <summary>As above, for an image of a category.</summary>
    public static RasterImage? MaskFile(Category category, ImageItem item)
    {
        if (item.MaskPath is not { } path)
            return null;
        var mask = DefectMask.Read(path, category.MaskThreshold);
        return new(mask.Width, mask.Height, 1, Array.ConvertAll(mask.Pixels, value => (byte)(255 * value)));
    }

    /// <summary>A mask resized to the input: 1 where more than half of a pixel is defective.</summary>
    /// <param name="mask">One channel, 255 or 0.</param>
    public Tensor Mask(RasterImage mask)
    {
        var resized = mask.Resize(preprocessing.Width, preprocessing.Height, ResizeFilter.Bilinear);
        return tensor(Array.ConvertAll(resized.Pixels, value => value > 127 ? 1f : 0f), [preprocessing.Height, preprocessing.Width], device: device);
    }

    /// <summary>An image in memory as input, (1, 3, H, W) float32, normalised.</summary>
    /// <param name="image">RGB, of any size.</param>
    public Tensor Pixels(RasterImage image) => preprocessing.Input(preprocessing.Resize(image), device);
}
