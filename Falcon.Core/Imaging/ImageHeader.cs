using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>The first bytes of an image file.</summary>
internal static class ImageHeader
{
    /// <summary>The largest image that is read, in pixels: a header that claims more is not believed.</summary>
    public const long MaximumPixels = 1L << 28;

    /// <summary>Whether the data are those of a TIFF file.</summary>
    public static bool IsTiff(ReadOnlySpan<byte> data) => data is [(byte)'I', (byte)'I', _, 0, ..] or [(byte)'M', (byte)'M', 0, _, ..];

    /// <summary>The shape of the upright image, and how the stored one has to be turned.</summary>
    /// <exception cref="EndOfStreamException">The data end before the header does.</exception>
    /// <exception cref="InvalidDataException">The data are no image file of a known format, or one that claims an impossible size.</exception>
    public static (ImageShape Shape, Orientation Orientation) Parse(ReadOnlySpan<byte> data)
    {
        if (data.IsEmpty) throw new InvalidDataException("the file is empty");
        var (width, height, isGray, orientation) = data switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Png(data),
            [0xFF, 0xD8, 0xFF, ..] => Jpeg(data),
            [(byte)'B', (byte)'M', ..] => Bmp(data),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebPHeader.Parse(data),
            _ when IsTiff(data) => Tiff(data),
            _ => throw new InvalidDataException("it is not a PNG, JPEG, BMP, WebP or TIFF image"),
        };
        if (width < 1 || height < 1) throw new InvalidDataException($"its header gives the impossible size {width}×{height}");
        if (width > MaximumPixels / height)
            throw new InvalidDataException($"its header gives the size {width}×{height}, more than the {MaximumPixels} pixels that are allowed");
        if (orientation >= Orientation.Transposed) (width, height) = (height, width);
        return (new ImageShape((int)width, (int)height, isGray ? 1 : 3), orientation);
    }

    private static (long, long, bool IsGray, Orientation) Png(ReadOnlySpan<byte> data)
    {
        const int Signature = 8, ChunkFrame = 12;
        if (data.Length < Signature + ChunkFrame + 13) throw new EndOfStreamException();
        if (!data[(Signature + 4)..].StartsWith("IHDR"u8)) throw new InvalidDataException("it is a PNG file without a header");
        long width = BinaryPrimitives.ReadUInt32BigEndian(data[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(data[20..]);
        var orientation = Orientation.Upright;
        for (long at = Signature; at + 8 <= data.Length;)
        {
            var chunk = data[(int)at..];
            var length = BinaryPrimitives.ReadUInt32BigEndian(chunk);
            var kind = chunk.Slice(4, 4);
            if (kind.SequenceEqual("IDAT"u8)) break;
            if (kind.SequenceEqual("eXIf"u8) && length <= chunk.Length - ChunkFrame) orientation = Exif.OrientationIn(chunk.Slice(8, (int)length));
            at += length + ChunkFrame;
        }
        return (width, height, data[25] is 0 or 4, orientation);
    }

    private static (long, long, bool IsGray, Orientation) Jpeg(ReadOnlySpan<byte> data)
    {
        var orientation = Orientation.Upright;
        for (var at = 2; ;)
        {
            if (at + 4 > data.Length) throw new EndOfStreamException();
            if (data[at] != 0xFF) throw new InvalidDataException("it is a JPEG file with a damaged header");
            int marker = data[at + 1];
            if (marker is 0xFF or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }
            if (marker is 0xD9 or 0xDA) throw new InvalidDataException("it is a JPEG file without a frame header");
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
            if (length < 2) throw new InvalidDataException("it is a JPEG file with a damaged header");
            if (at + 2 + length > data.Length) throw new EndOfStreamException();
            var segment = data.Slice(at + 4, length - 2);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (segment.Length < 6) throw new InvalidDataException("it is a JPEG file with a damaged header");
                long height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
                return (width, height, segment[5] == 1, orientation);
            }
            if (marker == 0xE1 && segment.StartsWith("Exif\0\0"u8)) orientation = Exif.OrientationIn(segment);
            at += 2 + length;
        }
    }

    private static (long, long, bool IsGray, Orientation) Bmp(ReadOnlySpan<byte> data)
    {
        if (data.Length < 26) throw new EndOfStreamException();
        var core = BinaryPrimitives.ReadUInt32LittleEndian(data[14..]) == 12;
        long width = core ? BinaryPrimitives.ReadUInt16LittleEndian(data[18..]) : BinaryPrimitives.ReadInt32LittleEndian(data[18..]);
        long height = core ? BinaryPrimitives.ReadUInt16LittleEndian(data[20..]) : BinaryPrimitives.ReadInt32LittleEndian(data[22..]);
        return (width, Math.Abs(height), false, Orientation.Upright);
    }

    private static (long, long, bool IsGray, Orientation) Tiff(ReadOnlySpan<byte> data)
    {
        var directory = new TiffDirectory(data);
        var isGray = directory.Value(TiffTag.Photometric, -1) is 0 or 1;
        return (directory.Value(TiffTag.Width, 0), directory.Value(TiffTag.Height, 0), isGray, directory.Orientation);
    }
}
