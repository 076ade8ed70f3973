using System.Buffers.Binary;
using System.Numerics;

namespace Falcon.Imaging;

/// <summary>Decodes uncompressed BMP files of 1, 4, 8, 16, 24 and 32 bits, bottom-up and top-down, to RGB. Alpha is ignored.</summary>
internal static class BmpDecoder
{
    private const int FileHeader = 14, CoreHeader = 12, InfoHeader = 40;
    private const int Uncompressed = 0, BitFields = 3, AlphaBitFields = 6;

    /// <exception cref="EndOfStreamException">The data end before the image does.</exception>
    /// <exception cref="InvalidDataException">The data are damaged or compressed.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> file, int width, int height)
    {
        var headerSize = Int32(file, FileHeader);
        var isCore = headerSize == CoreHeader;
        if (!isCore && headerSize < InfoHeader) throw new InvalidDataException($"it is a BMP file with an unknown header of {headerSize} bytes");
        if (file.Length - FileHeader < headerSize) throw new EndOfStreamException();
        int bits = BinaryPrimitives.ReadUInt16LittleEndian(file[(isCore ? 24 : 28)..]);
        var compression = isCore ? Uncompressed : Int32(file, 30);
        if (compression is not (Uncompressed or BitFields or AlphaBitFields)) throw new InvalidDataException("it is a compressed BMP file");

        var pixels = (uint)Int32(file, 10);
        var stride = (width * (long)bits + 31) / 32 * 4;
        if (pixels + stride * height > file.Length) throw new EndOfStreamException();
        var image = RasterImage.Uninitialised(width, height, 3);
        var masks = bits == 16 || compression != Uncompressed ? Masks(file, bits, compression) : null;
        var layout = masks == null ? Layout(file, headerSize, bits) : null;
        for (var y = 0; y < height; y++)
        {
            var storedRow = !isCore && Int32(file, 22) < 0 ? y : height - 1 - y;
            var row = file.Slice((int)(pixels + storedRow * stride), (int)stride);
            var rgb = image.Pixels.AsSpan(y * width * 3, width * 3);
            if (masks == null) layout!.ToRgb(row, rgb);
            else ApplyMasks(row, rgb, bits / 8, masks);
        }
        return image;
    }

    private static SampleLayout Layout(ReadOnlySpan<byte> file, int headerSize, int bits) => bits switch
    {
        1 or 4 or 8 => SampleLayout.Indexed(bits, Palette(file[(FileHeader + headerSize)..], 1 << bits, headerSize == CoreHeader ? 3 : 4)),
        24 => SampleLayout.Bgr(3),
        32 => SampleLayout.Bgr(4),
        _ => throw new InvalidDataException($"it is a BMP file of {bits} bits per pixel"),
    };

    // The table may be shorter than the indices allow; what follows it is then taken for colours that no pixel uses.
    private static byte[] Palette(ReadOnlySpan<byte> table, int colours, int entry)
    {
        var palette = new byte[3 * Math.Min(colours, table.Length / entry)];
        for (var i = 0; i < palette.Length; i++) palette[i] = table[i / 3 * entry + 2 - i % 3];
        return palette;
    }

    private static uint[] Masks(ReadOnlySpan<byte> file, int bits, int compression)
    {
        if (bits is not (16 or 32)) throw new InvalidDataException($"it is a BMP file with colour masks for {bits} bits per pixel");
        if (compression == Uncompressed) return [0x7C00, 0x03E0, 0x001F];
        const int Start = FileHeader + InfoHeader;
        if (file.Length < Start + 12) throw new EndOfStreamException();
        return [(uint)Int32(file, Start), (uint)Int32(file, Start + 4), (uint)Int32(file, Start + 8)];
    }

    private static void ApplyMasks(ReadOnlySpan<byte> row, Span<byte> rgb, int step, uint[] masks)
    {
        for (int i = 0, s = 0; i < rgb.Length; i += 3, s += step)
        {
            var pixel = step == 2 ? BinaryPrimitives.ReadUInt16LittleEndian(row[s..]) : BinaryPrimitives.ReadUInt32LittleEndian(row[s..]);
            for (var c = 0; c < 3; c++)
            {
                var shift = BitOperations.TrailingZeroCount(masks[c]);
                var largest = (ulong)masks[c] >> shift;
                rgb[i + c] = largest == 0 ? (byte)0 : (byte)(((pixel & masks[c]) >> shift) * 255UL / largest);
            }
        }
    }

    private static int Int32(ReadOnlySpan<byte> file, int offset) => BinaryPrimitives.ReadInt32LittleEndian(file[offset..]);
}
