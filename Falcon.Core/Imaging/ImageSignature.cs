using System.Text;

namespace Falcon.Imaging;

/// <summary>What a file is by its first bytes, whatever its name says.</summary>
internal static class ImageSignature
{
    private const int Longest = 64;

    private static readonly (string Kind, int At, byte[] Bytes)[] Known =
    [
        ("a PNG image", 0, [0x89, (byte)'P', (byte)'N', (byte)'G']),
        ("a JPEG image", 0, [0xFF, 0xD8, 0xFF]),
        ("a GIF image", 0, [.. "GIF8"u8]),
        ("a WebP image", 8, [.. "WEBP"u8]),
        ("a TIFF image", 0, [.. "II*\0"u8]),
        ("a TIFF image", 0, [.. "MM\0*"u8]),
        ("a HEIC image", 4, [.. "ftyphe"u8]),
        ("a HEIC image", 4, [.. "ftypmif1"u8]),
        ("a HEIC image", 4, [.. "ftypmsf1"u8]),
        ("an AVIF image", 4, [.. "ftypavi"u8]),
        ("a Canon raw photo", 4, [.. "ftypcrx"u8]),
        ("a JPEG 2000 image", 0, [0, 0, 0, 12, (byte)'j', (byte)'P', 32, 32]),
        ("a JPEG 2000 image", 0, [0xFF, 0x4F, 0xFF, 0x51]),
        ("a JPEG XL image", 0, [0xFF, 0x0A]),
        ("a JPEG XL image", 0, [0, 0, 0, 12, (byte)'J', (byte)'X', (byte)'L', 32]),
        ("a JPEG XR image", 0, [(byte)'I', (byte)'I', 0xBC]),
        ("a Photoshop file", 0, [.. "8BPS"u8]),
        ("an OpenEXR image", 0, [0x76, 0x2F, 0x31, 0x01]),
        ("a Radiance image", 0, [.. "#?RADIANCE"u8]),
        ("an icon", 0, [0, 0, 1, 0]),
        ("a DirectDraw surface", 0, [.. "DDS "u8]),
        ("a raw photo", 0, [.. "FUJIFILMCCD"u8]),
        ("a DICOM image", 0, [.. "DICM"u8]),
        ("a film", 4, [.. "ftyp"u8]),
        ("a film", 0, [0x1A, 0x45, 0xDF, 0xA3]),
        ("a film", 8, [.. "AVI "u8]),
        ("a PDF document", 0, [.. "%PDF"u8]),
        ("a ZIP archive", 0, [.. "PK"u8]),
        ("a gzip archive", 0, [0x1F, 0x8B]),
        ("a NumPy array", 0, [0x93, .. "NUMPY"u8]),
        ("an HDF5 file", 0, [0x89, .. "HDF\r\n"u8]),
        ("a GGUF file", 0, [.. "GGUF"u8]),
        ("a TensorFlow Lite model", 4, [.. "TFL3"u8]),
        ("a pickle of Python", 0, [0x80, 2]),
        ("a pickle of Python", 0, [0x80, 3]),
        ("a pickle of Python", 0, [0x80, 4]),
        ("a pickle of Python", 0, [0x80, 5]),
    ];

    private static readonly string[] Pictures = ["image", "photo", "Photoshop", "film", "icon", "surface"];

    /// <summary>What the data are, in words with an article; null when that is not known.</summary>
    public static string? KindOf(ReadOnlySpan<byte> data)
    {
        foreach (var (kind, at, bytes) in Known)
        {
            if (data.Length >= at + bytes.Length && data.Slice(at, bytes.Length).SequenceEqual(bytes))
                return kind;
        }
        if (data is [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)' ' or (byte)'\n' or (byte)'\r', ..])
            return "a portable pixmap (PNM)";
        return TextKindOf(data);
    }

    /// <summary>Whether the data are what Git LFS puts in place of a file.</summary>
    public static bool IsPointer(ReadOnlySpan<byte> data) => data.StartsWith("version https://git-lfs"u8);

    /// <summary>Whether data of no known ending are of an image, one that is read or not.</summary>
    public static bool IsPicture(ReadOnlySpan<byte> data) => KindOf(data) is { } kind && (kind.Contains("PNM", StringComparison.Ordinal) || Pictures.Any(kind.Contains));

    /// <summary>The first bytes of a file; none when it cannot be read.</summary>
    public static ReadOnlySpan<byte> StartOf(string path)
    {
        try
        {
            return ImageFile.ReadBytes(path, Longest);
        }
        catch (ImageFileException)
        {
            return [];
        }
    }

    private static string? TextKindOf(ReadOnlySpan<byte> data)
    {
        var start = data[..Math.Min(data.Length, Longest)];
        if (start.IsEmpty || start.ContainsAnyInRange((byte)0, (byte)8) || start.ContainsAnyInRange((byte)14, (byte)31))
            return null;
        var text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\n', '\r', '\t');
        return text.StartsWith("<!DOCTYPE", StringComparison.OrdinalIgnoreCase) || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase) ? "a web page"
            : text.StartsWith("<svg", StringComparison.OrdinalIgnoreCase) ? "an SVG drawing"
            : text.StartsWith('<') ? "an XML text"
            : text.StartsWith('{') || text.StartsWith('[') ? "a JSON text"
            : start.ContainsAnyExceptInRange((byte)0, (byte)127) ? null
            : "a text";
    }
}
