using System.Reflection;
using SixLabors.ImageSharp.Formats.Tiff;
using SkiaSharp;

namespace Falcon.Imaging;

/// <summary>
/// Reads PNG, JPEG, BMP, WebP and TIFF files as 8-bit RGB or gray, and writes PNG and JPEG. Gray and palette images are expanded, alpha is dropped, 16-bit
/// samples keep their upper byte, CMYK is converted, the EXIF orientation is applied, and colour profiles are ignored: the pixels are those of Pillow. Of
/// several pictures in a file the first is read. All members may be called from several threads at once.
/// </summary>
public static class ImageFile
{
    private const int HeaderBytes = 64 * 1024;

    // No format in use packs a pixel into fewer bits on average, so that a small file cannot make us allot much.
    internal const long MaximumPixelsPerByte = 1 << 15;

    /// <summary>The largest image that is read, in pixels.</summary>
    public const long MostPixels = ImageHeader.MaximumPixels;

    /// <summary>The extensions of files that can be read, in lower case with the dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"];

    /// <summary>The decoders that pixels depend on, with their versions: part of the key under which anything computed from images is stored.</summary>
    public static string DecoderVersion { get; } = $"SkiaSharp {Version(typeof(SKCodec))}, ImageSharp {Version(typeof(TiffDecoder))}";

    /// <summary>The image files of a folder and of those below it, in ordinal order.</summary>
    /// <exception cref="InvalidInputException">There is no such folder.</exception>
    public static IReadOnlyList<string> In(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Where(file => Extensions.Contains(Path.GetExtension(file).ToLowerInvariant()))
            .Order(StringComparer.Ordinal)]
        : throw new InvalidInputException("there is no such folder", folder, "Give a folder of images.");

    /// <summary>The image as three channels, upright.</summary>
    /// <exception cref="ImageFileException">The file is missing, damaged or of an unsupported kind.</exception>
    public static RasterImage ReadRgb(string path) => DecodeRgb(ReadBytes(path), path);

    /// <summary>The image as one channel: the luma of its RGB form (see <see cref="RasterImage.ToGray"/>).</summary>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    public static RasterImage ReadGray(string path) => ReadRgb(path).ToGray();

    /// <summary>Decodes the bytes of an image file.</summary>
    /// <param name="data">A whole file.</param>
    /// <param name="name">What the image is called in an error.</param>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    public static RasterImage DecodeRgb(ReadOnlySpan<byte> data, string name)
    {
        try
        {
            var (shape, orientation) = ImageHeader.Parse(data);
            if ((long)shape.Width * shape.Height > data.Length * MaximumPixelsPerByte)
                throw new InvalidDataException($"its header gives the size {shape.Width}×{shape.Height}, more than {data.Length} bytes can hold");
            if (EndMarker.IsMissing(data)) throw new EndOfStreamException();
            var (width, height) = orientation >= Orientation.Transposed ? (shape.Height, shape.Width) : (shape.Width, shape.Height);
            var stored = ImageHeader.IsTiff(data) ? TiffFile.ReadRgb(data) : SkiaImage.ReadRgb(data, width, height);
            return stored.Turned(orientation);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Unreadable(name, e);
        }
    }

    /// <summary>The shape of the image, from the file's first bytes alone; the rest of the file may still be damaged.</summary>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    public static ImageShape ReadShape(string path)
    {
        try
        {
            try
            {
                return ImageHeader.Parse(ReadBytes(path, HeaderBytes)).Shape;
            }
            catch (EndOfStreamException)
            {
                return ImageHeader.Parse(ReadBytes(path)).Shape;
            }
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>The shape of the image by the header in its bytes; the rest may still be damaged.</summary>
    /// <param name="data">A whole file, or its beginning with the header.</param>
    /// <param name="name">What the image is called in an error.</param>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    public static ImageShape ReadShape(ReadOnlySpan<byte> data, string name)
    {
        try
        {
            return ImageHeader.Parse(data).Shape;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw Unreadable(name, e);
        }
    }

    /// <summary>The shape of an image of which all bytes are there: by its header if the data end with their format's end marker; otherwise decoding decides.</summary>
    /// <inheritdoc cref="DecodeRgb"/>
    internal static ImageShape ShapeOf(ReadOnlySpan<byte> data, string name)
    {
        try
        {
            var (shape, _) = ImageHeader.Parse(data);
            if (EndMarker.IsExpected(data) && !EndMarker.IsMissing(data))
                return shape;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            // Decoding fails too, with the message that a user should see.
        }
        var image = DecodeRgb(data, name);
        return new(image.Width, image.Height, image.Channels);
    }

    /// <summary>Writes a PNG file, lossless; an existing file is replaced.</summary>
    public static void WritePng(string path, RasterImage image) => File.WriteAllBytes(path, EncodePng(image));

    /// <summary>The bytes of a PNG file, lossless.</summary>
    /// <param name="image">RGB or gray.</param>
    public static byte[] EncodePng(RasterImage image) => SkiaImage.EncodePng(image);

    /// <summary>The bytes of a JPEG file.</summary>
    /// <param name="image">RGB or gray.</param>
    /// <param name="quality">1 (small) to 100 (best).</param>
    public static byte[] EncodeJpeg(RasterImage image, int quality = 92)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return SkiaImage.EncodeJpeg(image, quality);
    }

    // As released, without the commit that a package may name behind it.
    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "unknown";

    internal static byte[] ReadBytes(string path, int atMost = int.MaxValue)
    {
        try
        {
            using var file = File.OpenHandle(path);
            var bytes = new byte[(int)Math.Min(RandomAccess.GetLength(file), Math.Min(atMost, Array.MaxLength))];
            var read = 0;
            while (read < bytes.Length && RandomAccess.Read(file, bytes.AsSpan(read), read) is > 0 and var more) read += more;
            return read == bytes.Length ? bytes : bytes[..read];
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ImageFileException(path, "the image file does not exist", "Check the path; names are case-sensitive.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageFileException(path, $"the image file cannot be opened ({e.Message})", "Make the file readable for this user.");
        }
    }

    private static ImageFileException Unreadable(string name, Exception cause) => cause is EndOfStreamException
        ? new ImageFileException(name, "the image file is truncated", "Copy or download the file again, or remove it.")
        : new ImageFileException(name, $"the image cannot be read: {cause.Message}");
}
