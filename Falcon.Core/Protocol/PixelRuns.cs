namespace Falcon.Protocol;

/// <summary>A picture of two values as the lengths of its runs, beginning with zeros: seven bits to a byte, the lowest first, the eighth says that more follow.</summary>
internal static class PixelRuns
{
    /// <summary>No photo has more; a few bytes must not ask for more memory.</summary>
    private const int MostPixels = 1 << 28;

    /// <param name="pixels">0 and 1, row by row.</param>
    public static byte[] Write(ReadOnlySpan<byte> pixels)
    {
        List<byte> bytes = [];
        for (byte value = 0; !pixels.IsEmpty; value ^= 1)
        {
            var run = pixels.IndexOfAnyExcept(value) is >= 0 and var end ? end : pixels.Length;
            pixels = pixels[run..];
            for (; run > 0x7f; run >>= 7)
                bytes.Add((byte)(run | 0x80));
            bytes.Add((byte)run);
        }
        return [.. bytes];
    }

    /// <returns>The pixels; null when the runs do not add up to their number.</returns>
    /// <param name="bytes">What <see cref="Write"/> gave.</param>
    /// <param name="count">How many pixels there are.</param>
    public static byte[]? Read(ReadOnlySpan<byte> bytes, long count)
    {
        // A run is at least a byte, but may be long: nothing is reserved before the runs are known to add up.
        List<int> runs = [];
        long run = 0, sum = 0;
        var shift = 0;
        foreach (var part in bytes)
        {
            run |= (long)(part & 0x7f) << shift;
            shift += 7;
            if (shift > 35 || (part & 0x80) == 0 && (sum += run) > count)
                return null;
            if ((part & 0x80) != 0)
                continue;
            runs.Add((int)run);
            (run, shift) = (0, 0);
        }
        if (shift > 0 || sum != count || count is < 1 or > MostPixels)
            return null;
        var pixels = new byte[count];
        var start = 0;
        byte value = 0;
        foreach (var length in runs)
        {
            pixels.AsSpan(start, length).Fill(value);
            start += length;
            value ^= 1;
        }
        return pixels;
    }
}
