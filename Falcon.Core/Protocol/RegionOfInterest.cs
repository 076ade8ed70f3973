using System.Globalization;
using System.Text.Json.Serialization;
using Falcon.Imaging;
using SkiaSharp;

namespace Falcon.Protocol;

/// <summary>The part of a photo that is looked at: what lies outside changes no map, no score and no number. A value, carried as a text: the size of the photo that it was drawn
/// for, and how many pixels in turn lie outside and inside, row by row (<c>640x480:</c> and base64).</summary>
[JsonConverter(typeof(TextValueJsonConverter<RegionOfInterest>))]
public sealed class RegionOfInterest : IEquatable<RegionOfInterest>, ITextValue<RegionOfInterest>
{
    /// <summary>By how much the sides of photos may differ in proportion from those that the region was drawn for: a rounded pixel of a small photo.</summary>
    private const double SameProportions = 0.01;

    /// <summary>The mean colour of ImageNet's pictures: a teacher sees next to nothing.</summary>
    private static readonly byte[] Cover = [.. ImageNetColours.Mean.Select(value => (byte)Math.Round(255 * value))];

    private readonly byte[] _inside;
    private readonly string _text;
    private volatile Seen? _last;

    /// <param name="width">Columns of the photos, at least 1.</param>
    /// <param name="height">Rows of the photos, at least 1.</param>
    /// <param name="inside">Row by row, above 0 is inside; at least one pixel is.</param>
    public RegionOfInterest(int width, int height, ReadOnlySpan<byte> inside)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNotEqual(inside.Length, (long)width * height, nameof(inside));
        (Width, Height, _inside) = (width, height, new byte[inside.Length]);
        for (var i = 0; i < inside.Length; i++)
            _inside[i] = inside[i] > 0 ? (byte)1 : (byte)0;
        if (!_inside.AsSpan().Contains((byte)1))
            throw new InvalidInputException("no pixel lies inside", "region of interest", "Draw what shall be looked at in white, or give corners within the photo.");
        _text = $"{width}x{height}:{Convert.ToBase64String(PixelRuns.Write(_inside))}";
    }

    /// <summary>Columns of the photos that it was drawn for.</summary>
    public int Width { get; }

    /// <summary>Rows of the photos that it was drawn for.</summary>
    public int Height { get; }

    /// <summary>How many of its pixels are inside.</summary>
    public int Area => _inside.AsSpan().Count((byte)1);

    /// <summary>A mask: what is looked at is white, everything else black.</summary>
    /// <param name="path">An image file of the size of the photos.</param>
    /// <exception cref="InvalidInputException">It cannot be read, or nothing is white.</exception>
    public static RegionOfInterest Read(string path)
    {
        var mask = ImageFile.ReadGray(path);
        var level = MaskThreshold.Automatic.LevelFor(mask.Pixels);
        return mask.Pixels.AsSpan().ContainsAnyExceptInRange((byte)0, level)
            ? new(mask.Width, mask.Height, Array.ConvertAll(mask.Pixels, gray => gray > level ? (byte)1 : (byte)0))
            : throw new InvalidInputException("is black all over: nothing would be looked at", path, "Paint what shall be looked at white.");
    }

    /// <summary>The inside of polygons: the pixels whose middles lie in at least one.</summary>
    /// <param name="width">Columns of the photos.</param>
    /// <param name="height">Rows of the photos.</param>
    /// <param name="polygons">At least one, of at least three corners each; it need not be closed. What lies beyond the photo is cut off.</param>
    /// <exception cref="InvalidInputException">No pixel lies inside.</exception>
    public static RegionOfInterest Of(int width, int height, params IEnumerable<IReadOnlyList<PixelPoint>> polygons)
    {
        var drawn = SkiaImage.Draw(new(width, height, 1), canvas =>
        {
            using var paint = new SKPaint { Color = SKColors.White, Style = SKPaintStyle.Fill, IsAntialias = false };
            foreach (var polygon in polygons)
            {
                using var corners = new SKPathBuilder { FillType = SKPathFillType.EvenOdd };
                corners.AddPoly([.. polygon.Select(corner => new SKPoint(corner.X, corner.Y))]);
                using var path = corners.Detach();
                canvas.DrawPath(path, paint);
            }
        });
        return new(width, height, drawn.ToGray().Pixels);
    }

    /// <summary>Reads the text form.</summary>
    /// <exception cref="InvalidInputException">It is no region of interest.</exception>
    public static RegionOfInterest Parse(string text)
    {
        var bytes = new byte[text.Length];
        return text.Split(':') is [var size, var runs] && size.Split('x') is [var across, var down]
            && int.TryParse(across, NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(down, NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && Convert.TryFromBase64String(runs, bytes, out var length)
            && PixelRuns.Read(bytes.AsSpan(0, length), (long)width * height) is { } inside && inside.AsSpan().Contains((byte)1)
                ? new(width, height, inside)
                : throw new InvalidInputException("is no region of interest", text.Length > 40 ? $"{text[..40]}…" : text, "Read one from a mask, or draw a polygon.");
    }

    /// <summary>Which pixels are inside of a photo, or a map of one, of any size: 1 where any part of the pixel is, else 0.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <returns>Row by row.</returns>
    public ReadOnlyMemory<byte> At(int width, int height)
    {
        if ((width, height) == (Width, Height))
            return _inside;
        // Tile after tile and photo after photo ask for the same size.
        if (_last is not { } last || (last.Width, last.Height) != (width, height))
            _last = last = new(width, height, Resized(width, height));
        return last.Pixels;
    }

    /// <summary>The values where something was looked at, in their order.</summary>
    /// <param name="values">Row by row.</param>
    /// <param name="inside">What <see cref="At"/> gives for their size.</param>
    internal static float[] Pick(ReadOnlySpan<float> values, ReadOnlySpan<byte> inside)
    {
        var picked = new float[inside.Count((byte)1)];
        for (int i = 0, next = 0; next < picked.Length; i++)
            if (inside[i] > 0)
                picked[next++] = values[i];
        return picked;
    }

    private byte[] Resized(int width, int height)
    {
        var seen = new byte[width * height];
        for (var y = 0; y < height; y++)
        {
            var (top, bottom) = Covered(y, Height, height);
            for (var row = top; row < bottom; row++)
                for (var x = 0; x < width; x++)
                {
                    var (left, right) = Covered(x, Width, width);
                    if (_inside.AsSpan(row * Width + left, right - left).Contains((byte)1))
                        seen[y * width + x] = 1;
                }
        }
        return seen;

        static (int First, int End) Covered(int pixel, int own, int other) =>
            ((int)((long)pixel * own / other), (int)(((long)(pixel + 1) * own + other - 1) / other));
    }

    /// <summary>Paints everything outside in one colour.</summary>
    /// <param name="photo">RGB; it is changed.</param>
    public void CoverOutside(RasterImage photo)
    {
        var inside = At(photo.Width, photo.Height).Span;
        for (var i = 0; i < inside.Length; i++)
            if (inside[i] == 0)
                Cover.CopyTo(photo.Pixels.AsSpan(3 * i, 3));
    }

    /// <summary>A copy of a photo, or of a picture of its size, with a dark outside.</summary>
    /// <param name="photo">RGB or gray.</param>
    public RasterImage Highlighted(RasterImage photo)
    {
        const int darker = 3;
        var inside = At(photo.Width, photo.Height).Span;
        var pixels = (byte[])photo.Pixels.Clone();
        for (var i = 0; i < pixels.Length; i++)
            if (inside[i / photo.Channels] == 0)
                pixels[i] /= darker;
        return new(photo.Width, photo.Height, photo.Channels, pixels);
    }

    /// <summary>Why a photo is not one that this was drawn for; null when it is. Only the proportions matter, not the size.</summary>
    /// <param name="width">Columns of the photo.</param>
    /// <param name="height">Rows of the photo.</param>
    /// <param name="image">Names it.</param>
    internal Finding? Misfit(int width, int height, string image) => Math.Abs((double)width * Height / ((double)height * Width) - 1) <= SameProportions
        ? null
        : new($"is {width}×{height}, and the region of interest is drawn for {Width}×{Height}", image, "Give photos of these proportions, or another region.");

    /// <inheritdoc/>
    public bool Equals(RegionOfInterest? other) => other is not null && other._text == _text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as RegionOfInterest);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => _text;

    private sealed record Seen(int Width, int Height, byte[] Pixels);
}
