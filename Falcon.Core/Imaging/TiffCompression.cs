namespace Falcon.Imaging;

/// <summary>The compression schemes of TIFF files that are understood.</summary>
internal enum TiffCompression
{
    None = 1,
    Lzw = 5,
    AdobeDeflate = 8,
    PackBits = 32773,
    Deflate = 32946,
}

internal static class TiffCompressions
{
    /// <summary>The first <paramref name="size"/> bytes of an expanded strip or tile.</summary>
    /// <exception cref="EndOfStreamException">The data hold fewer bytes.</exception>
    /// <exception cref="InvalidDataException">The data are damaged, or the scheme is not known.</exception>
    public static byte[] Expand(this TiffCompression compression, ReadOnlySpan<byte> data, int size)
    {
        var expanded = new byte[size];
        switch (compression)
        {
            case TiffCompression.None:
                if (data.Length < size) throw new EndOfStreamException();
                data[..size].CopyTo(expanded);
                break;
            case TiffCompression.Lzw:
                ExpandLzw(data, expanded);
                break;
            case TiffCompression.AdobeDeflate or TiffCompression.Deflate:
                using (var zlib = new ZlibReader(new MemoryStream(data.ToArray()))) zlib.Fill(expanded);
                break;
            case TiffCompression.PackBits:
                ExpandPackBits(data, expanded);
                break;
            default:
                throw new InvalidDataException($"it is a TIFF file with the unsupported compression {(int)compression}");
        }
        return expanded;
    }

    // TIFF 6.0, section 9.
    private static void ExpandPackBits(ReadOnlySpan<byte> data, Span<byte> target)
    {
        for (int at = 0, written = 0; written < target.Length;)
        {
            if (at >= data.Length) throw new EndOfStreamException();
            var control = (sbyte)data[at++];
            if (control == sbyte.MinValue) continue;
            var count = Math.Min(target.Length - written, control >= 0 ? control + 1 : 1 - control);
            if (at + (control >= 0 ? count : 1) > data.Length) throw new EndOfStreamException();
            if (control >= 0) data.Slice(at, count).CopyTo(target[written..]);
            else target.Slice(written, count).Fill(data[at]);
            at += control >= 0 ? count : 1;
            written += count;
        }
    }

    // TIFF 6.0, section 13. Every code stands for a run of bytes that was written before: where it starts and how long it is.
    private static void ExpandLzw(ReadOnlySpan<byte> data, Span<byte> target)
    {
        const int Clear = 256, End = 257, First = 258, Codes = 4096, ShortestCode = 9, LongestCode = 12;
        Span<int> starts = stackalloc int[Codes], lengths = stackalloc int[Codes];
        var (next, width) = (First, ShortestCode);
        var (lastStart, lastLength) = (0, 0);
        var (bit, written) = (0L, 0);
        while (written < target.Length)
        {
            if (bit + width > data.Length * 8L) throw new EndOfStreamException();
            var code = Bits(data, bit, width);
            bit += width;
            if (code == End) throw new EndOfStreamException();
            if (code == Clear)
            {
                (next, width, lastLength) = (First, ShortestCode, 0);
                continue;
            }
            // The new run is the last one and the byte that will be written behind it: this code may already mean it.
            if (lastLength > 0 && next < Codes) (starts[next], lengths[next++]) = (lastStart, lastLength + 1);
            if (code >= next) throw new InvalidDataException("its compressed data are damaged");
            if (next + 1 >= 1 << width && width < LongestCode) width++;
            (lastStart, lastLength) = (written, code < Clear ? 1 : lengths[code]);
            if (code < Clear) target[written++] = (byte)code;
            else
            {
                // Byte by byte, since a run may reach into what it writes.
                for (var k = 0; k < lastLength && written < target.Length; k++) target[written++] = target[starts[code] + k];
            }
        }
    }

    private static int Bits(ReadOnlySpan<byte> data, long bit, int count)
    {
        var value = 0;
        for (var i = 0; i < 3; i++)
        {
            var at = (bit >> 3) + i;
            value = value << 8 | (at < data.Length ? data[(int)at] : 0);
        }
        return value >> (24 - (int)(bit & 7) - count) & ((1 << count) - 1);
    }
}
