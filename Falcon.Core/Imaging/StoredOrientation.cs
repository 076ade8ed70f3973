using System.Buffers.Text;
using System.IO.Compression;

namespace Falcon.Imaging;

/// <summary>Reads how an image has to be turned, wherever a file says so: in an EXIF block, in a text that holds one, or in an XMP packet.</summary>
internal static class StoredOrientation
{
    private const int LongestText = 1 << 20;

    /// <summary>The orientation of the first place that has one.</summary>
    /// <param name="exif">An EXIF block; empty for none.</param>
    /// <param name="xmp">An XMP packet; empty for none.</param>
    public static Orientation Of(ReadOnlySpan<byte> exif, ReadOnlySpan<byte> xmp)
    {
        var stored = exif.IsEmpty ? Orientation.Upright : Exif.OrientationIn(exif);
        return stored == Orientation.Upright ? OfXmp(xmp) : stored;
    }

    /// <summary>The orientation of a PNG file of which all chunks are there.</summary>
    /// <exception cref="EndOfStreamException">They are not.</exception>
    public static Orientation OfPng(ReadOnlySpan<byte> file)
    {
        var exif = PngChunks.Find(file, "eXIf"u8);
        var xmp = PngChunks.Find(file, "iTXt"u8, text => text.StartsWith("XML:com.adobe.xmp\0"u8));
        return Of(exif.IsEmpty ? OfText(file) : exif, xmp);
    }

    /// <summary>The orientation of a TIFF file.</summary>
    /// <exception cref="EndOfStreamException">What says it lies behind the end of the data.</exception>
    public static Orientation OfTiff(TiffDirectory directory) =>
        directory.Orientation is not Orientation.Upright and var stored ? stored : OfXmp(directory.Bytes(TiffTag.Xmp));

    // As ImageMagick wrote EXIF blocks before PNG had a chunk for them: a name, a length, and hexadecimal digits.
    private static byte[] OfText(ReadOnlySpan<byte> file)
    {
        var keyword = "Raw profile type exif\0"u8;
        var text = PngChunks.Find(file, "tEXt"u8, IsProfile);
        if (!text.IsEmpty) return FromDigits(text[keyword.Length..]);
        var packed = PngChunks.Find(file, "zTXt"u8, IsProfile);
        return packed.Length > keyword.Length + 1 ? FromDigits(Unpacked(packed[(keyword.Length + 1)..])) : [];

        static bool IsProfile(ReadOnlySpan<byte> chunk) => chunk.StartsWith("Raw profile type exif\0"u8) || chunk.StartsWith("Raw profile type APP1\0"u8);
    }

    private static byte[] Unpacked(ReadOnlySpan<byte> packed)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(packed.ToArray()), CompressionMode.Decompress);
            var text = new byte[LongestText];
            return text[..stream.ReadAtLeast(text, text.Length, throwOnEndOfStream: false)];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static byte[] FromDigits(ReadOnlySpan<byte> text)
    {
        List<byte> block = [];
        var lines = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n') lines++;
            // An empty line, the name and the length come before.
            else if (lines >= 3 && i + 1 < text.Length && Utf8Parser.TryParse(text.Slice(i, 2), out byte value, out var used, 'X') && used == 2)
            {
                block.Add(value);
                i++;
            }
        }
        return [.. block];
    }

    private static Orientation OfXmp(ReadOnlySpan<byte> packet)
    {
        var name = "tiff:Orientation"u8;
        for (var at = packet.IndexOf(name); at >= 0;)
        {
            var rest = packet[(at + name.Length)..];
            var digits = rest.TrimStart(" =\"'>\r\n\t"u8);
            if (digits.Length < rest.Length && digits is [>= (byte)'1' and <= (byte)'8', ..]) return (Orientation)(digits[0] - '0');
            var next = rest.IndexOf(name);
            at = next < 0 ? -1 : at + name.Length + next;
        }
        return Orientation.Upright;
    }
}
