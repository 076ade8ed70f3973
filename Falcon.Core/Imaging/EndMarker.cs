using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>
/// Finds files that were cut off by what their format writes last or says about its length. A decoder notices a missing end only where pixels are missing
/// too, and needs to decode for it. BMP and TIFF have no such marker; there the decoder misses the pixels.
/// </summary>
internal static class EndMarker
{
    /// <summary>True when the file's format tells where it ends.</summary>
    public static bool IsExpected(ReadOnlySpan<byte> file) => IsPng(file) || IsJpeg(file) || IsWebP(file);

    /// <summary>True when the file's last structure is not there.</summary>
    public static bool IsMissing(ReadOnlySpan<byte> file) =>
        (IsPng(file) && IsMissingInPng(file)) || (IsJpeg(file) && IsMissingInJpeg(file)) || (IsWebP(file) && WebPHeader.End(file) > file.Length);

    private static bool IsPng(ReadOnlySpan<byte> file) => file is [0x89, (byte)'P', (byte)'N', (byte)'G', ..];

    private static bool IsJpeg(ReadOnlySpan<byte> file) => file is [0xFF, 0xD8, ..];

    private static bool IsWebP(ReadOnlySpan<byte> file) => file.StartsWith("RIFF"u8);

    private static bool IsMissingInPng(ReadOnlySpan<byte> file)
    {
        const int Signature = 8, ChunkFrame = 12;
        for (long at = Signature; at + ChunkFrame <= file.Length;)
        {
            var chunk = file[(int)at..];
            if (chunk[4..].StartsWith("IEND"u8)) return false;
            at += BinaryPrimitives.ReadUInt32BigEndian(chunk) + ChunkFrame;
        }
        return true;
    }

    // A preview inside the header has an end of its own, so that only what follows the start of the first scan counts; pixel data never contain the marker.
    private static bool IsMissingInJpeg(ReadOnlySpan<byte> file)
    {
        const int StartOfScan = 0xDA;
        var at = 2;
        while (at + 4 <= file.Length && file[at + 1] != StartOfScan)
            at += file[at + 1] == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        return at + 4 > file.Length || file[at..].LastIndexOf([(byte)0xFF, (byte)0xD9]) < 0;
    }
}
