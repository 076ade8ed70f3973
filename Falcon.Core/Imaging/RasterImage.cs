namespace Falcon.Imaging;

/// <summary>An 8-bit image: rows top to bottom, channels interleaved, no padding between rows.</summary>
public sealed class RasterImage
{
    /// <summary>Wraps <paramref name="pixels"/> without a copy.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="channels">1 for gray, 3 for RGB.</param>
    /// <param name="pixels">Exactly width × height × channels values.</param>
    public RasterImage(int width, int height, int channels, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3)) throw new ArgumentOutOfRangeException(nameof(channels), channels, "An image has 1 (gray) or 3 (RGB) channels.");
        var size = (long)width * height * channels;
        if (pixels.LongLength != size) throw new ArgumentException($"{width}×{height}×{channels} pixels need {size} bytes, not {pixels.LongLength}.", nameof(pixels));
        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    /// <summary>A black image.</summary>
    public RasterImage(int width, int height, int channels) : this(width, height, channels, new byte[checked(width * height * channels)])
    {
    }

    /// <summary>An image whose pixels hold anything until they are written.</summary>
    internal static RasterImage Uninitialised(int width, int height, int channels) =>
        new(width, height, channels, GC.AllocateUninitializedArray<byte>(checked(width * height * channels)));

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>1 for gray, 3 for RGB.</summary>
    public int Channels { get; }

    /// <summary>The values themselves, not a copy: channel c of column x in row y is at (y · Width + x) · Channels + c.</summary>
    public byte[] Pixels { get; }

    /// <summary>The luma of an RGB image (ITU-R BT.601 weights in 16-bit fixed point, as Pillow's mode "L"); a gray image is returned itself.</summary>
    public RasterImage ToGray()
    {
        if (Channels == 1) return this;
        var gray = new RasterImage(Width, Height, 1);
        ReadOnlySpan<byte> rgb = Pixels;
        var luma = gray.Pixels;
        for (var i = 0; i < luma.Length; i++)
        {
            var pixel = rgb.Slice(3 * i, 3);
            luma[i] = (byte)((pixel[0] * 19595 + pixel[1] * 38470 + pixel[2] * 7471 + 0x8000) >> 16);
        }
        return gray;
    }

    /// <summary>A copy of a rectangle, which lies inside the image.</summary>
    public RasterImage Crop(int left, int top, int width, int height)
    {
        var cropped = new RasterImage(width, height, Channels);
        for (var y = 0; y < height; y++)
            Pixels.AsSpan(((top + y) * Width + left) * Channels, width * Channels).CopyTo(cropped.Pixels.AsSpan(y * width * Channels));
        return cropped;
    }

    /// <summary>Three equal channels of a gray image; an RGB image is returned itself.</summary>
    public RasterImage ToRgb() =>
        Channels == 3 ? this : new RasterImage(Width, Height, 3, [.. Pixels.SelectMany(value => Enumerable.Repeat(value, 3))]);
}
