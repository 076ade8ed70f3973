using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>Finds damage that decoders hide or only find by decoding: files that were cut off, and contents that are not what was written. The pixels of BMP, GIF, WebP
/// and TIFF files have nothing that tells; there the decoder misses them.</summary>
internal static class ImageDamage
{
    // Pixels that a byte of run lengths can stand for.
    private const int LongestRun = 255;

    /// <summary>Looks through a whole file whose header has been read.</summary>
    /// <returns>Whether that tells all damage, so that nothing has to be decoded for it.</returns>
    /// <exception cref="EndOfStreamException">The file is truncated.</exception>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static bool Check(ReadOnlySpan<byte> file)
    {
        if (IsPng(file))
        {
            PngChunks.Check(file);
            CheckSizeOfPng(file);
            return true;
        }
        if (IsJpeg(file)) return JpegScan.Check(file);
        if (file.StartsWith("RIFF"u8) && WebPHeader.End(file) > file.Length) throw new EndOfStreamException();
        if (file.StartsWith("RIFF"u8) && WebPHeader.Frames(file) == 1) WebPHeader.CheckSize(file);
        if (file.StartsWith("BM"u8) && BmpEnd(file) > file.Length) throw new EndOfStreamException();
        return false;
    }

    // Deflate makes at most 1032 bytes of one.
    private static void CheckSizeOfPng(ReadOnlySpan<byte> file)
    {
        const int MostOfByte = 1032;
        long width = BinaryPrimitives.ReadUInt32BigEndian(file[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(file[20..]);
        var samples = file[25] switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        if (width * height * samples * file[24] / 8 > (long)file.Length * MostOfByte)
            throw new InvalidDataException($"its header gives the size {width}×{height}, more than {file.Length} bytes can hold");
    }

    // Rows are stored one after another in whole numbers of four bytes; those of run lengths end anywhere.
    private static long BmpEnd(ReadOnlySpan<byte> file)
    {
        var isCore = BinaryPrimitives.ReadUInt32LittleEndian(file[14..]) == 12;
        if (file.Length < (isCore ? 26 : 34)) return long.MaxValue;
        var isRuns = !isCore && BinaryPrimitives.ReadUInt32LittleEndian(file[30..]) is 1 or 2;
        long start = BinaryPrimitives.ReadUInt32LittleEndian(file[10..]), bits = BinaryPrimitives.ReadUInt16LittleEndian(file[(isCore ? 24 : 28)..]);
        var shape = ImageHeader.Parse(file).Shape;
        if (isRuns || bits is not (1 or 4 or 8 or 16 or 24 or 32)) return (long)shape.Width * shape.Height / LongestRun;
        return start + (shape.Height - 1) * ((bits * shape.Width + 31) / 32 * 4) + (bits * shape.Width + 7) / 8;
    }

    private static bool IsPng(ReadOnlySpan<byte> file) => file is [0x89, (byte)'P', (byte)'N', (byte)'G', ..];

    private static bool IsJpeg(ReadOnlySpan<byte> file) => file is [0xFF, 0xD8, ..];
}
