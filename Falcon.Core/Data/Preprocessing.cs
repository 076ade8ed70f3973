using System.Globalization;
using System.Text.Json.Serialization;
using Falcon.Imaging;
using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>How an image file becomes a network's input: RGB, resized without keeping the aspect ratio or cropped from the middle of an image that keeps it,
/// scaled to [0, 1], normalised per channel with the mean and standard deviation of a teacher's training pictures.</summary>
/// <param name="Width">Width of the input in pixels.</param>
/// <param name="Height">Height of the input in pixels.</param>
/// <param name="Filter">The resizing filter.</param>
/// <param name="ShorterSide">The image is resized until its shorter side has so many pixels, at least those of the input, and the input is cut from its middle;
/// null to resize it to the input.</param>
/// <param name="Statistics">What it is normalised with.</param>
/// <param name="Tiling">The image is resized by a factor and seen in tiles of the input's size, each an input of its own; null to see it as one.</param>
/// <param name="RegionOfInterest">What is looked at of images that have no region of their own (<see cref="ImageItem.RegionPath"/>); null for all of them.</param>
/// <param name="WhiteLevel">The value of 16-bit samples that is white; null for 65535, of which the upper byte is kept.</param>
public sealed partial record Preprocessing(
    int Width, int Height, ResizeFilter Filter = ResizeFilter.Bilinear,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? ShorterSide = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault), JsonConverter(typeof(JsonStringEnumConverter<PixelStatistics>))]
    PixelStatistics Statistics = PixelStatistics.ImageNet,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Tiling? Tiling = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] RegionOfInterest? RegionOfInterest = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? WhiteLevel = null)
{
    /// <summary>The mean of R, G and B in [0, 1].</summary>
    [JsonIgnore]
    public float[] Mean => Statistics == PixelStatistics.Clip ? [0.48145466f, 0.4578275f, 0.40821073f] : ImageNetColours.Mean;

    /// <summary>The standard deviation of R, G and B in [0, 1].</summary>
    [JsonIgnore]
    public float[] Deviation => Statistics == PixelStatistics.Clip ? [0.26862954f, 0.26130258f, 0.27577711f] : ImageNetColours.Deviation;

    /// <summary>An input of a size.</summary>
    public static Preprocessing To(
        InputSize size, ResizeFilter filter = ResizeFilter.Bilinear, int? shorterSide = null, PixelStatistics statistics = PixelStatistics.ImageNet,
        Tiling? tiling = null, RegionOfInterest? regionOfInterest = null, int? whiteLevel = null) =>
        new(size.Width, size.Height, filter, shorterSide, statistics, tiling, regionOfInterest, whiteLevel);

    /// <summary>The pixels of an image file whose bytes are in memory, RGB, all of it: those of the file itself.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Names the image in errors.</param>
    /// <exception cref="InvalidInputException">It is damaged, or no image.</exception>
    public RasterImage Decode(ReadOnlySpan<byte> file, string name) => ImageFile.DecodeRgb(file, name, WhiteLevel);

    /// <summary>An image as it is looked at: what is outside of its region of interest is painted in one colour.</summary>
    /// <param name="photo">RGB; it may be changed.</param>
    /// <param name="region">What is looked at; null for all of it.</param>
    /// <param name="name">Names the image in errors.</param>
    /// <exception cref="InvalidInputException">Its size does not suit tiles or region.</exception>
    internal RasterImage Covered(RasterImage photo, RegionOfInterest? region, string name)
    {
        if (Misfit(photo.Width, photo.Height, name, region) is { } misfit)
            throw new InvalidInputException([misfit]);
        region?.CoverOutside(photo);
        return photo;
    }

    /// <summary>Which pixels of an input lie in the region of interest, even in part: (Height, Width) row by row, 1 inside, 0 outside.</summary>
    /// <param name="region">What is looked at of the image.</param>
    /// <param name="width">Width of the image file in pixels.</param>
    /// <param name="height">Height of the image file in pixels.</param>
    /// <param name="tile">The tile's index; null of an image that is seen as one.</param>
    public byte[] Inside(RegionOfInterest region, int width, int height, int? tile = null)
    {
        var (left, top, across, down) = (TilesOf(width, height), CropOf(width, height)) switch
        {
            ({ } tiles, _) => (tiles[tile ?? 0].Left, tiles[tile ?? 0].Top, tiles.ImageWidth, tiles.ImageHeight),
            (_, { } crop) => (crop.Left, crop.Top, crop.ImageWidth, crop.ImageHeight),
            _ => (0, 0, Width, Height),
        };
        var seen = region.At(across, down).Span;
        var inside = new byte[Width * Height];
        for (var y = 0; y < Height; y++)
            seen.Slice((top + y) * across + left, Width).CopyTo(inside.AsSpan(y * Width));
        return inside;
    }

    /// <summary>The values of an image's only input, (3, Height, Width), channel after channel.</summary>
    public float[] Apply(RasterImage image) => Normalise(Resize(image));

    /// <summary>The pixels of the input, or those that its tiles are cut from.</summary>
    public RasterImage Resize(RasterImage image)
    {
        if (TilesOf(image.Width, image.Height) is { } tiles)
            return image.Resize(tiles.ImageWidth, tiles.ImageHeight, Filter);
        return CropOf(image.Width, image.Height) is { } crop
            ? image.Resize(crop.ImageWidth, crop.ImageHeight, Filter).Crop(crop.Left, crop.Top, Width, Height)
            : image.Resize(Width, Height, Filter);
    }

    /// <summary>The inputs in what <see cref="Resize"/> gave: itself, or its tiles in the order of <see cref="TileGrid"/>, each cut when it is asked for.</summary>
    public IEnumerable<RasterImage> Inputs(RasterImage resized) =>
        Tiling is { } tiling ? new TileGrid(resized.Width, resized.Height, new(Width, Height), tiling.Overlap).Cut(resized) : [resized];

    /// <summary>How many inputs an image becomes.</summary>
    /// <param name="width">Width of the image file in pixels.</param>
    /// <param name="height">Height of the image file in pixels.</param>
    public int InputsOf(int width, int height) => TilesOf(width, height)?.Count ?? 1;

    /// <summary>The tiles that an image is seen in; null where it is seen as one.</summary>
    /// <param name="width">Width of the image file in pixels.</param>
    /// <param name="height">Height of the image file in pixels.</param>
    /// <exception cref="InvalidInputException">It is smaller than a tile (<see cref="Misfit"/>).</exception>
    public TileGrid? TilesOf(int width, int height)
    {
        if (Tiling is not { } tiling)
            return null;
        if (TooSmall(width, height, "an image") is { } misfit)
            throw new InvalidInputException([misfit]);
        var size = tiling.SizeOf(width, height);
        return new(size.Width, size.Height, new(Width, Height), tiling.Overlap);
    }

    /// <summary>Why an image cannot be seen so: at its scale it is smaller than a tile, or its region of interest is drawn for another or lies outside of the middle that the
    /// input shows; null when it can.</summary>
    /// <param name="width">Width of the image file in pixels.</param>
    /// <param name="height">Height of the image file in pixels.</param>
    /// <param name="image">Names it.</param>
    /// <param name="region">What is looked at of it; null for all of it.</param>
    public Finding? Misfit(int width, int height, string image, RegionOfInterest? region) =>
        TooSmall(width, height, image) ?? region?.Misfit(width, height, image)
        ?? (region is not null && CropOf(width, height) is not null && !Inside(region, width, height).AsSpan().Contains((byte)1)
            ? new("has its region of interest where the input, the middle of the photo, does not reach", image, "Draw another region, or show whole photos (ShorterSide=null).")
            : null);

    private Finding? TooSmall(int width, int height, string image) =>
        Tiling is { } tiling && tiling.SizeOf(width, height) is var (scaledWidth, scaledHeight) && (scaledWidth < Width || scaledHeight < Height)
            ? new(
                string.Create(CultureInfo.InvariantCulture, $"is {scaledWidth}×{scaledHeight} at the scale of {tiling.Scale}, smaller than a tile of {Width}×{Height}"), image,
                "Take larger photos, or train with a larger scale or a smaller tile.")
            : null;

    /// <summary>Which part of the resized image the input is; null when it is all of it. Sides and margins are rounded as torchvision does.</summary>
    /// <param name="width">Width of the image file in pixels.</param>
    /// <param name="height">Height of the image file in pixels.</param>
    public ImageCrop? CropOf(int width, int height)
    {
        if (ShorterSide is not { } side)
            return null;
        var (resizedWidth, resizedHeight) = width <= height ? (side, (int)((long)side * height / width)) : ((int)((long)side * width / height), side);
        return (resizedWidth, resizedHeight) == (Width, Height) ? null : new(resizedWidth, resizedHeight, Margin(resizedWidth - Width), Margin(resizedHeight - Height));

        static int Margin(int surplus) => (int)Math.Round(surplus / 2.0);
    }

    /// <summary>The values of an image that has the input's size already, (3, Height, Width), channel after channel.</summary>
    public float[] Normalise(RasterImage resized)
    {
        var values = new float[3 * Width * Height];
        var (mean, deviation) = (Mean, Deviation);
        for (var c = 0; c < 3; c++)
        {
            var plane = values.AsSpan(c * Width * Height, Width * Height);
            for (var i = 0; i < plane.Length; i++)
                plane[i] = (resized.Pixels[3 * i + c] / 255f - mean[c]) / deviation[c];
        }
        return values;
    }

    /// <summary>The pixels that <see cref="Normalise"/> made values of.</summary>
    /// <param name="values">(3, Height, Width), channel after channel.</param>
    public RasterImage Picture(ReadOnlySpan<float> values)
    {
        var picture = new RasterImage(Width, Height, 3);
        var (mean, deviation) = (Mean, Deviation);
        for (var i = 0; i < values.Length; i++)
        {
            var c = i / (Width * Height);
            picture.Pixels[i % (Width * Height) * 3 + c] = (byte)Math.Clamp(MathF.Round((values[i] * deviation[c] + mean[c]) * 255), 0, 255);
        }
        return picture;
    }
}
