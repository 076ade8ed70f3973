using System.Reflection;
using SixLabors.ImageSharp.Formats.Tiff;
using SkiaSharp;

namespace Falcon.Imaging;

/// <summary>
/// Reads PNG, JPEG, GIF, BMP, WebP and TIFF files as 8-bit RGB or gray, and writes PNG and JPEG. What a file is its content says, never its name. Gray and palette images are
/// expanded, alpha is dropped, 16-bit samples keep their upper byte unless a white level scales them, CMYK is converted, the orientation is applied, and colour profiles are
/// ignored: the pixels are those of Pillow. Files of several pictures are refused, and damaged ones, also where a decoder would hide the damage. All members may be called from
/// several threads at once.
/// </summary>
public static class ImageFile
{
    private const int HeaderBytes = 64 * 1024;

    // No format in use packs a pixel into fewer bits on average, so that a small file cannot make us allot much.
    internal const long MaximumPixelsPerByte = 1 << 15;

    /// <summary>The largest image that is read, in pixels.</summary>
    public const long MostPixels = ImageHeader.MaximumPixels;

    /// <summary>The extensions of files that can be read, in lower case with the dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } =
        [".png", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".gif", ".webp", ".tif", ".tiff"];

    /// <summary>The decoders that pixels depend on, with their versions: part of the key under which anything computed from images is stored.</summary>
    public static string DecoderVersion { get; } = $"SkiaSharp {Version(typeof(SKCodec))}, ImageSharp {Version(typeof(TiffDecoder))}";

    /// <summary>The image files of a folder and of those below it, in ordinal order; hidden ones are left out. <see cref="ImageFolder"/> tells, too, what is not read.</summary>
    /// <exception cref="InvalidInputException">There is no such folder, or a part of it may not be read.</exception>
    public static IReadOnlyList<string> In(string folder) =>
        ImageFolder.At(folder) is var found && found.Faults.Count == 0 ? found.Images : throw new InvalidInputException(found.Faults);

    /// <summary>The image as three channels, upright.</summary>
    /// <exception cref="ImageFileException">The file is missing, damaged or of an unsupported kind.</exception>
    public static RasterImage ReadRgb(string path) => ReadScaled(path, null);

    /// <summary>The image as three channels, upright, of a camera whose white is not the highest number.</summary>
    /// <param name="path">The file.</param>
    /// <param name="whiteLevel">The value of 16-bit samples that is white, from 1 to 65535: files of 16 bits are scaled by it, all others are read as always. Null keeps the upper
    /// byte.</param>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    internal static RasterImage ReadScaled(string path, int? whiteLevel) => DecodeRgb(ReadBytes(path), path, whiteLevel);

    /// <summary>The image as one channel: the luma of its RGB form (see <see cref="RasterImage.ToGray"/>).</summary>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    public static RasterImage ReadGray(string path) => ReadRgb(path).ToGray();

    /// <summary>Decodes the bytes of an image file.</summary>
    /// <param name="data">A whole file.</param>
    /// <param name="name">What the image is called in an error.</param>
    /// <param name="whiteLevel">The value of 16-bit samples that is white, from 1 to 65535: files of 16 bits are scaled by it, all others are read as always. Null keeps the upper
    /// byte.</param>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    public static RasterImage DecodeRgb(ReadOnlySpan<byte> data, string name, int? whiteLevel = null)
    {
        try
        {
            var (width, height, orientation, _) = Sound(data);
            var stored = whiteLevel is { } white && ImageSamples.BitsOf(data) > 8 ? Samples(data, width, height).Scaled(white)
                : ImageHeader.IsTiff(data) ? TiffFile.ReadRgb(data)
                : SkiaImage.ReadRgb(data, width, height);
            return stored.Turned(orientation);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw Unreadable(name, e);
        }
    }

    /// <summary>The highest value of a file of 16-bit samples, alpha aside; null of all other files.</summary>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    internal static int? HighestOf16Bits(ReadOnlySpan<byte> data, string name)
    {
        try
        {
            if (ImageSamples.BitsOf(data) <= 8) return null;
            var (width, height, _, _) = Sound(data);
            return Samples(data, width, height).Highest;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw Unreadable(name, e);
        }
    }

    /// <summary>An image of one channel made of the samples as they are stored, alpha and all of 16 bits included; upright.</summary>
    /// <inheritdoc cref="DecodeRgb" path="/exception"/>
    internal static RasterImage ReadSamples(ReadOnlySpan<byte> data, string name, Func<ImageSamples, RasterImage> make)
    {
        try
        {
            var (width, height, orientation, _) = Sound(data);
            return make(Samples(data, width, height)).Turned(orientation);
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw Unreadable(name, e);
        }
    }

    private static ImageSamples Samples(ReadOnlySpan<byte> data, int width, int height) =>
        ImageHeader.IsTiff(data) ? TiffFile.ReadSamples(data)
        : ImageSamples.BitsOf(data) > 8 ? DeepPng.ReadSamples(data, width, height)
        : SkiaImage.ReadSamples(data, width, height);

    // The size as stored, the way upright, and whether nothing has to be decoded to know that the file is sound.
    private static (int Width, int Height, Orientation Orientation, bool IsKnown) Sound(ReadOnlySpan<byte> data)
    {
        var (shape, orientation) = ImageHeader.Parse(data);
        if ((long)shape.Width * shape.Height > data.Length * MaximumPixelsPerByte)
            throw new InvalidDataException($"its header gives the size {shape.Width}×{shape.Height}, more than {data.Length} bytes can hold");
        var isKnown = ImageDamage.Check(data);
        ImagePages.RefuseSeveral(data);
        return orientation >= Orientation.Transposed ? (shape.Height, shape.Width, orientation, isKnown) : (shape.Width, shape.Height, orientation, isKnown);
    }

    /// <summary>The shape of the image, from the file's first bytes alone; the rest of the file may still be damaged.</summary>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    public static ImageShape ReadShape(string path)
    {
        try
        {
            try
            {
                var start = ReadBytes(path, HeaderBytes);
                return ImageHeader.Parse(start, isWhole: start.Length < HeaderBytes).Shape;
            }
            catch (EndOfStreamException)
            {
                return ImageHeader.Parse(ReadBytes(path)).Shape;
            }
        }
        catch (Exception e) when (IsRefusal(e))
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
        catch (Exception e) when (IsRefusal(e))
        {
            throw Unreadable(name, e);
        }
    }

    /// <summary>The shape of a sound image of which all bytes are there: where check sums or codes tell all damage nothing is decoded for it.</summary>
    /// <inheritdoc cref="DecodeRgb"/>
    internal static ImageShape ShapeOf(ReadOnlySpan<byte> data, string name)
    {
        try
        {
            if (Sound(data).IsKnown)
                return ImageHeader.Parse(data).Shape;
        }
        catch (Exception e) when (IsRefusal(e))
        {
            throw Unreadable(name, e);
        }
        var image = DecodeRgb(data, name);
        return new(image.Width, image.Height, image.Channels);
    }

    /// <summary>Writes a PNG file, lossless; an existing file is replaced.</summary>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void WritePng(string path, RasterImage image) => FileFault.WriteAllBytes(path, EncodePng(image));

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
        if (FileKind.Fault(path) is { } special)
            throw new ImageFileException(special.Where, special.What, special.Fix);
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
            throw new FileInfo(path).LinkTarget is { } target
                ? new ImageFileException(path, $"the image file is a link to {target}, which does not exist", "Fetch what it leads to, or remove the link.")
                : new ImageFileException(path, "the image file does not exist", "Check the path; names are case-sensitive.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ImageFileException(path, $"the image file cannot be opened ({e.Message})", "Make the file readable for this user.");
        }
    }

    private static bool IsRefusal(Exception error) => error is InvalidDataException or EndOfStreamException or ImageRefusedException;

    private static ImageFileException Unreadable(string name, Exception cause) => cause switch
    {
        EndOfStreamException => new(name, "the image file is truncated", "Copy or download the file again, or remove it."),
        ImageRefusedException refused => new(name, $"the image cannot be read: {refused.Message}", refused.Fix),
        _ => new(name, $"the image cannot be read: {cause.Message}"),
    };
}
