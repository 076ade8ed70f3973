using Falcon.Backbones;
using Falcon.Data;
using Falcon.Engine;
using Falcon.Methods;
using Falcon.Protocol;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Detection;

/// <summary>One unchanged image, or a tile of one, with what a method needs of it (<see cref="InputNeeds"/>); the receiver disposes it.</summary>
/// <param name="Item">The image file.</param>
/// <param name="Pixels">(1, 3, H, W) float32, normalised; null when not needed.</param>
/// <param name="Features">The teacher's features, N = 1.</param>
/// <param name="Prepared">What the method prepared; empty when there is no preparation.</param>
/// <param name="Width">Width of the file's image in pixels.</param>
/// <param name="Height">Height of the file's image in pixels.</param>
/// <param name="Tile">The tile's index in its <see cref="TileGrid"/>; null of an image that is seen as one.</param>
/// <param name="Region">What is looked at of the image; null for all of it.</param>
public sealed record ImageInput(
    ImageItem Item, Tensor? Pixels, TeacherFeatures Features, IReadOnlyList<StoredTensor> Prepared, int Width, int Height, int? Tile = null,
    RegionOfInterest? Region = null) : IDisposable
{
    /// <summary>A name for it, unique among images of other names: it selects random streams.</summary>
    public string Name => Tile is { } tile ? $"{Item.RelativeName} {tile}" : Item.RelativeName;

    /// <inheritdoc/>
    public void Dispose()
    {
        Pixels?.Dispose();
        Features.Dispose();
    }

    /// <summary>Several images as one batch, in their order.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="preprocessing">How they became inputs.</param>
    public static NetworkInput Join(IReadOnlyList<ImageInput> images, Preprocessing preprocessing) =>
        new(PixelsOf(images), TeacherFeatures.Join([.. images.Select(image => image.Features)]), InsideOf(images, preprocessing));

    /// <summary>As above, copied to a device, so that the images may be disposed.</summary>
    internal static NetworkInput Copy(IReadOnlyList<ImageInput> images, Preprocessing preprocessing, Device device)
    {
        var taps = images[0].Features.Taps;
        var features = taps.Select(tap => cat([.. images.Select(image => image.Features[tap])]).PlacedOn(device));
        return new(PixelsOf(images)?.PlacedOn(device), new(taps, features), InsideOf(images, preprocessing)?.PlacedOn(device));
    }

    /// <summary>Several images as what a training learns from; they are copied, to a device.</summary>
    internal static TrainingImages Collect(IReadOnlyList<ImageInput> images, Preprocessing preprocessing, Device device)
    {
        using var scope = NewDisposeScope();
        var copied = Copy(images, preprocessing, device);
        return new(
            copied.Pixels?.DetachFromDisposeScope(), copied.Features.Detached(),
            [.. images.Select(image => image.Prepared)], [.. images.Select(image => image.Name)])
        {
            Inside = copied.Inside?.DetachFromDisposeScope(),
        };
    }

    private static Tensor? InsideOf(IReadOnlyList<ImageInput> images, Preprocessing preprocessing)
    {
        if (images.All(image => image.Region is null))
            return null;
        var size = preprocessing.Width * preprocessing.Height;
        return tensor([.. images.SelectMany(Inside)], [images.Count, preprocessing.Height, preprocessing.Width], device: CPU).to_type(ScalarType.Bool);

        IEnumerable<byte> Inside(ImageInput image) => image.Region is { } region
            ? preprocessing.Inside(region, image.Width, image.Height, image.Tile)
            : Enumerable.Repeat((byte)1, size);
    }

    private static Tensor? PixelsOf(IReadOnlyList<ImageInput> images) =>
        images[0].Pixels is null ? null : cat([.. images.Select(image => image.Pixels!)]);
}
