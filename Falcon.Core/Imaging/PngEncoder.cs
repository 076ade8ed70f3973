using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;

namespace Falcon.Imaging;

/// <summary>Encodes gray and RGB images as PNG, every row predicted by the one above.</summary>
internal static class PngEncoder
{
    public static byte[] Encode(RasterImage image)
    {
        const byte Depth = 8, Gray = 0, Rgb = 2, Up = 2;
        Span<byte> header = stackalloc byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, image.Width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], image.Height);
        (header[8], header[9]) = (Depth, image.Channels == 1 ? Gray : Rgb);

        using var compressed = new MemoryStream();
        using (var data = new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            var length = image.Width * image.Channels;
            var row = new byte[1 + length];
            row[0] = Up;
            for (var y = 0; y < image.Height; y++)
            {
                ReadOnlySpan<byte> pixels = image.Pixels.AsSpan(y * length, length);
                if (y == 0) pixels.CopyTo(row.AsSpan(1));
                else Subtract(pixels, image.Pixels.AsSpan((y - 1) * length, length), row.AsSpan(1));
                data.Write(row);
            }
        }

        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        PngChunk.Write(file, "IHDR"u8, header);
        PngChunk.Write(file, "IDAT"u8, compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
        PngChunk.Write(file, "IEND"u8, default);
        return file.ToArray();
    }

    private static void Subtract(ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, Span<byte> difference)
    {
        var i = 0;
        for (; i <= row.Length - Vector<byte>.Count; i += Vector<byte>.Count) (new Vector<byte>(row[i..]) - new Vector<byte>(above[i..])).CopyTo(difference[i..]);
        for (; i < row.Length; i++) difference[i] = (byte)(row[i] - above[i]);
    }
}
