using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>What a WebP file (RFC 9649) says about its image before its pixels: a RIFF file whose first chunk is a lossy or lossless image, or, in the
/// extended format, the size of the canvas; there an EXIF block may follow behind the pixels.</summary>
internal static class WebPHeader
{
    private const int FirstChunk = 12, ChunkFrame = 8, HasExif = 8;

    /// <summary>The size as stored; WebP knows no gray.</summary>
    /// <exception cref="EndOfStreamException">The data end before the header does, or before the EXIF block that it announces.</exception>
    /// <exception cref="InvalidDataException">The header is damaged.</exception>
    public static (long Width, long Height, bool IsGray, Orientation Orientation) Parse(ReadOnlySpan<byte> data)
    {
        const int LongestHeader = FirstChunk + ChunkFrame + 10, Bits14 = 0x3FFF;
        if (data.Length < LongestHeader) throw new EndOfStreamException();
        var kind = data.Slice(FirstChunk, 4);
        var content = data[(FirstChunk + ChunkFrame)..];
        if (kind.SequenceEqual("VP8 "u8) && content[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]))
            return (UInt16(content[6..]) & Bits14, UInt16(content[8..]) & Bits14, false, Orientation.Upright);
        if (kind.SequenceEqual("VP8L"u8) && content[0] == 0x2F)
        {
            var sides = BinaryPrimitives.ReadUInt32LittleEndian(content[1..]);
            return ((sides & Bits14) + 1, ((sides >> 14) & Bits14) + 1, false, Orientation.Upright);
        }
        if (kind.SequenceEqual("VP8X"u8))
            return (UInt24(content[4..]) + 1, UInt24(content[7..]) + 1, false, (content[0] & HasExif) != 0 ? ExifOrientation(data) : Orientation.Upright);
        throw new InvalidDataException("it is a WebP file with a damaged header");
    }

    /// <summary>Where the file says that it ends.</summary>
    public static long End(ReadOnlySpan<byte> file) =>
        file.Length < FirstChunk ? FirstChunk : ChunkFrame + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);

    private static Orientation ExifOrientation(ReadOnlySpan<byte> data)
    {
        var end = End(data);
        for (long at = FirstChunk; at + ChunkFrame <= end;)
        {
            if (at + ChunkFrame > data.Length) throw new EndOfStreamException();
            var chunk = data[(int)at..];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
            if (chunk.StartsWith("EXIF"u8))
                return length <= chunk.Length - ChunkFrame ? Exif.OrientationIn(chunk.Slice(ChunkFrame, (int)length)) : throw new EndOfStreamException();
            at += ChunkFrame + length + length % 2;
        }
        return Orientation.Upright;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;
}
