using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using SkiaSharp;

namespace Falcon.Imaging;

/// <summary>
/// Decodes PNG, JPEG, GIF, BMP and WebP files and encodes PNG and JPEG files by Skia. No colour space is named to it, so that it converts no colours: pixels
/// stay the stored ones whatever profile a file holds.
/// </summary>
internal static unsafe class SkiaImage
{
    // At most a third larger than by Skia's own choice, all filters and level 6, and several times as fast on large images.
    private static readonly SKPngEncoderOptions FastPng = new(SKPngEncoderFilterFlags.Up, 1);

    /// <summary>The colours as stored, not turned; alpha is dropped, 16-bit samples keep their upper byte.</summary>
    /// <param name="file">A whole file.</param>
    /// <param name="width">Its columns as stored.</param>
    /// <param name="height">Its rows as stored.</param>
    /// <exception cref="EndOfStreamException">The file is truncated.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or of a kind that is not read; the message says which.</exception>
    public static RasterImage ReadRgb(ReadOnlySpan<byte> file, int width, int height)
    {
        var image = RasterImage.Uninitialised(width, height, 3);
        // Skia has no pixels of three bytes. Unpremultiplied: it leaves the colours alone.
        var rgba = Allocate(width, height);
        try
        {
            Decode(Readable(file), width, height, SKColorType.Rgba8888, rgba);
            DropAlpha(new ReadOnlySpan<byte>(rgba, 4 * width * height), image.Pixels);
        }
        finally
        {
            NativeMemory.Free(rgba);
        }
        return image;
    }

    /// <summary>The samples as stored, not turned, of a file of at most 8 bits.</summary>
    /// <inheritdoc cref="ReadRgb"/>
    public static ImageSamples ReadSamples(ReadOnlySpan<byte> file, int width, int height)
    {
        var samples = GC.AllocateUninitializedArray<ushort>(checked(4 * width * height));
        var rgba = Allocate(width, height);
        try
        {
            // As stored, that is with the colours of transparent pixels.
            var hasAlpha = Decode(file, width, height, SKColorType.Rgba8888, rgba);
            for (var i = 0; i < samples.Length; i++) samples[i] = rgba[i];
            return new(width, height, samples, 8, hasAlpha);
        }
        finally
        {
            NativeMemory.Free(rgba);
        }
    }

    private static ReadOnlySpan<byte> Readable(ReadOnlySpan<byte> file) => file is [(byte)'G', ..] ? GifFile.Opaque(file) : file;

    // Tells whether the file has alpha.
    private static bool Decode(ReadOnlySpan<byte> file, int width, int height, SKColorType kind, void* pixels)
    {
        fixed (byte* bytes = file)
        {
            using var data = SKData.Create((nint)bytes, file.Length);
            using var codec = SKCodec.Create(data) ?? throw new InvalidDataException("its content is damaged or of an unsupported kind");
            if ((codec.Info.Width, codec.Info.Height) != (width, height)) throw new InvalidDataException("its size is not the one its header gives");
            var format = new SKImageInfo(width, height, kind, SKAlphaType.Unpremul);
            var result = codec.GetPixels(format, (nint)pixels, format.RowBytes, SKCodecOptions.Default);
            if (result == SKCodecResult.IncompleteInput) throw new EndOfStreamException();
            if (result != SKCodecResult.Success) throw new InvalidDataException($"its content is damaged or of an unsupported kind ({result})");
            return codec.Info.AlphaType != SKAlphaType.Opaque;
        }
    }

    /// <summary>The bytes of a lossless PNG file, gray or RGB as the image is.</summary>
    public static byte[] EncodePng(RasterImage image) => Encode(image, pixels => pixels.Encode(FastPng));

    /// <summary>The bytes of a JPEG file, gray or RGB as the image is.</summary>
    /// <param name="image">RGB or gray.</param>
    /// <param name="quality">1 (small) to 100 (best).</param>
    public static byte[] EncodeJpeg(RasterImage image, int quality) => Encode(image, pixels => pixels.Encode(new SKJpegEncoderOptions(quality)));

    /// <summary>A copy in colours with something drawn on it.</summary>
    /// <param name="image">RGB or gray.</param>
    /// <param name="draw">Draws; the canvas has the image's pixels.</param>
    public static RasterImage Draw(RasterImage image, Action<SKCanvas> draw)
    {
        var (width, height) = (image.Width, image.Height);
        var drawn = RasterImage.Uninitialised(width, height, 3);
        var rgba = Allocate(width, height);
        try
        {
            var pixels = new Span<byte>(rgba, 4 * width * height);
            AddAlpha(image.ToRgb().Pixels, pixels);
            using (var surface = SKSurface.Create(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), (nint)rgba))
                draw(surface.Canvas);
            DropAlpha(pixels, drawn.Pixels);
        }
        finally
        {
            NativeMemory.Free(rgba);
        }
        return drawn;
    }

    private static byte[] Encode(RasterImage image, Func<SKPixmap, SKData?> encode)
    {
        var (width, height) = (image.Width, image.Height);
        if (image.Channels == 1)
        {
            fixed (byte* gray = image.Pixels) return File(SKColorType.Gray8, gray);
        }
        var rgba = Allocate(width, height);
        try
        {
            AddAlpha(image.Pixels, new Span<byte>(rgba, 4 * width * height));
            return File(SKColorType.Rgba8888, rgba);
        }
        finally
        {
            NativeMemory.Free(rgba);
        }

        byte[] File(SKColorType colours, byte* pixels)
        {
            using var pixmap = new SKPixmap(new SKImageInfo(width, height, colours, SKAlphaType.Opaque), (nint)pixels);
            using var file = encode(pixmap) ?? throw new ArgumentException($"An image of {width}×{height} cannot be stored in this format.", nameof(image));
            return file.ToArray();
        }
    }

    private static byte* Allocate(int width, int height) => (byte*)NativeMemory.Alloc((nuint)(4L * width * height));

    // Four pixels at once as long as the sixteen bytes that are written lie inside; three of every four of them are kept.
    private static void DropAlpha(ReadOnlySpan<byte> rgba, Span<byte> rgb)
    {
        var kept = Vector128.Create((byte)0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 15, 15, 15, 15);
        var (from, to) = (0, 0);
        for (; to + 16 <= rgb.Length; from += 16, to += 12) Vector128.Shuffle(Vector128.Create(rgba.Slice(from, 16)), kept).CopyTo(rgb[to..]);
        for (; to < rgb.Length; from += 4, to += 3) rgba.Slice(from, 3).CopyTo(rgb[to..]);
    }

    private static void AddAlpha(ReadOnlySpan<byte> rgb, Span<byte> rgba)
    {
        var spread = Vector128.Create((byte)0, 1, 2, 15, 3, 4, 5, 15, 6, 7, 8, 15, 9, 10, 11, 15);
        var (from, to) = (0, 0);
        for (; from + 16 <= rgb.Length; from += 12, to += 16) Vector128.Shuffle(Vector128.Create(rgb.Slice(from, 16)), spread).CopyTo(rgba[to..]);
        for (; from < rgb.Length; from += 3, to += 4)
        {
            rgb.Slice(from, 3).CopyTo(rgba[to..]);
            rgba[to + 3] = 255;
        }
    }
}
