using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>What a WebP file (RFC 9649) says about its image before its pixels: a RIFF file whose first chunk is a lossy or lossless image, or, in the
/// extended format, the size of the canvas; there an EXIF block may follow behind the pixels.</summary>
internal static class WebPHeader
{
    private const string DamagedHeader = "it is a WebP file with a damaged header";

    // FrameStart: what of a picture tells its size.
    private const int FirstChunk = 12, ChunkFrame = 8, FrameStart = 10, HasExif = 8, HasXmp = 4;

    /// <summary>The size as stored; WebP knows no gray.</summary>
    /// <exception cref="EndOfStreamException">The data end before the header does, or before the EXIF block that it announces.</exception>
    /// <exception cref="InvalidDataException">The header is damaged.</exception>
    public static (long Width, long Height, bool IsGray, Orientation Orientation) Parse(ReadOnlySpan<byte> data)
    {
        if (data.Length < FirstChunk + ChunkFrame + FrameStart) throw new EndOfStreamException();
        var kind = data.Slice(FirstChunk, 4);
        var content = data[(FirstChunk + ChunkFrame)..];
        var isLossy = kind.SequenceEqual("VP8 "u8);
        if ((isLossy || kind.SequenceEqual("VP8L"u8)) && SizeOf(content, isLossy) is { } size) return (size.Width, size.Height, false, Orientation.Upright);
        if (kind.SequenceEqual("VP8X"u8))
            return (UInt24(content[4..]) + 1, UInt24(content[7..]) + 1, false, StoredOrientation.Of(
                (content[0] & HasExif) != 0 ? Chunk(data, "EXIF"u8) : [], (content[0] & HasXmp) != 0 ? Chunk(data, "XMP "u8) : []));
        throw new InvalidDataException(DamagedHeader);
    }

    /// <summary>Where the file says that it ends.</summary>
    public static long End(ReadOnlySpan<byte> file) =>
        file.Length < FirstChunk ? FirstChunk : ChunkFrame + (long)BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);

    /// <summary>How many frames an animation has; 1 of an image.</summary>
    public static int Frames(ReadOnlySpan<byte> file)
    {
        var frames = 0;
        for (var at = NextChunk(file, FirstChunk, "ANMF"u8); at >= 0; at = NextChunk(file, at + ChunkFrame + Length(file, at), "ANMF"u8)) frames++;
        return Math.Max(1, frames);
    }

    /// <summary>Looks whether the picture has the size that the header gives, and whether its bytes can hold that many pixels.</summary>
    /// <param name="file">A whole file of one picture, whose header has been read.</param>
    /// <exception cref="EndOfStreamException">The file is truncated.</exception>
    /// <exception cref="InvalidDataException">The size is a lie.</exception>
    public static void CheckSize(ReadOnlySpan<byte> file)
    {
        // Of a film of one frame, which lies in a chunk of the film behind what says where.
        const int FrameHeader = 16, TagOfPartition = 3, BlockOfPixels = 256;
        var (width, height, _, _) = Parse(file);
        var frame = NextChunk(file, FirstChunk, "ANMF"u8);
        var pictures = frame >= 0 ? frame + ChunkFrame + FrameHeader : FirstChunk;
        var at = NextChunk(file, pictures, "VP8 "u8);
        var isLossy = at >= 0;
        if (!isLossy) at = NextChunk(file, pictures, "VP8L"u8);
        if (at < 0) throw new InvalidDataException("it is a WebP file without a picture");
        var content = file[((int)at + ChunkFrame)..];
        if (content.Length < FrameStart) throw new EndOfStreamException();
        if (SizeOf(content, isLossy) is not { } size) throw new InvalidDataException(DamagedHeader);
        if (size != (width, height)) throw new InvalidDataException($"its header gives the size {width}×{height}, but its picture has {size.Width}×{size.Height}");
        // Of every block of 16×16 pixels the first part says how it is predicted, which takes more than a bit (RFC 6386, 11.2); a lossless picture of one colour takes none.
        if (isLossy && width * height / BlockOfPixels > 8L * (UInt24(content) >> 5) + 8 * TagOfPartition)
            throw new InvalidDataException($"its header gives the size {width}×{height}, more than its pixels can hold");
    }

    // Of the pixels themselves, lossy or lossless.
    private static (long Width, long Height)? SizeOf(ReadOnlySpan<byte> content, bool isLossy)
    {
        const int Bits14 = 0x3FFF;
        if (isLossy)
            return content[3..].StartsWith((ReadOnlySpan<byte>)[0x9D, 0x01, 0x2A]) ? (UInt16(content[6..]) & Bits14, UInt16(content[8..]) & Bits14) : null;
        var sides = BinaryPrimitives.ReadUInt32LittleEndian(content[1..]);
        return content[0] == 0x2F ? ((sides & Bits14) + 1, ((sides >> 14) & Bits14) + 1) : null;
    }

    private static ReadOnlySpan<byte> Chunk(ReadOnlySpan<byte> data, ReadOnlySpan<byte> name)
    {
        if (NextChunk(data, FirstChunk, name) is not (>= 0 and var at)) return [];
        var length = Length(data, at);
        return at + ChunkFrame + length <= data.Length ? data.Slice((int)at + ChunkFrame, (int)length) : throw new EndOfStreamException();
    }

    private static long NextChunk(ReadOnlySpan<byte> data, long from, ReadOnlySpan<byte> name)
    {
        var end = End(data);
        for (var at = from + from % 2; at + ChunkFrame <= end; at += ChunkFrame + Length(data, at) + Length(data, at) % 2)
        {
            if (at + ChunkFrame > data.Length) throw new EndOfStreamException();
            if (data[(int)at..].StartsWith(name)) return at;
        }
        return -1;
    }

    private static long Length(ReadOnlySpan<byte> data, long at) => BinaryPrimitives.ReadUInt32LittleEndian(data[((int)at + 4)..]);

    private static int UInt16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | bytes[1] << 8 | bytes[2] << 16;
}
