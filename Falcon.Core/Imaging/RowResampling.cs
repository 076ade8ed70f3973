using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Falcon.Imaging;

/// <summary>The first pass of a separable resize: every row gets a new length.</summary>
internal static unsafe class RowResampling
{
    private const int FractionBits = ResamplingWeights.FractionBits, Half = 1 << (FractionBits - 1);

    /// <summary>The image with <paramref name="width"/> columns; the rows stay.</summary>
    public static RasterImage Resample(RasterImage image, int width, ResizeFilter filter)
    {
        var weights = ResamplingWeights.Create(image.Width, width, filter);
        var result = RasterImage.Uninitialised(width, image.Height, image.Channels);
        if (Avx2.IsSupported && image.Channels == 3) ResampleRgb(image, result, weights);
        else ResampleAny(image, result, weights);
        return result;
    }

    private static void ResampleAny(RasterImage image, RasterImage result, ResamplingWeights weights)
    {
        var channels = image.Channels;
        for (int y = 0, t = 0; y < image.Height; y++)
        {
            var row = image.Pixels.AsSpan(y * image.Width * channels, image.Width * channels);
            for (var x = 0; x < result.Width; x++)
            {
                var taps = weights.Of(x);
                for (var c = 0; c < channels; c++)
                {
                    var sum = Half;
                    for (int k = 0, s = weights.First[x] * channels + c; k < taps.Length; k++, s += channels) sum += taps[k] * row[s];
                    result.Pixels[t++] = (byte)Math.Clamp(sum >> FractionBits, 0, 255);
                }
            }
        }
    }

    // Four taps at a time, for four rows at a time. A weight of 23 bits is the sum of two 16-bit halves, so that the fast 16-bit products
    // can be used; 32-bit sums may wrap on the way, but not in the end.
    private const int Taps = 4, Rows = 4, LowBits = 11, PixelBytes = 3, Overread = 16;

    private static void ResampleRgb(RasterImage image, RasterImage result, ResamplingWeights weights)
    {
        var (groups, starts) = SplitWeights(weights);
        var stride = image.Width * PixelBytes;
        // Reading in blocks goes past a row's end: harmless, with a weight of zero, but not in the last row.
        var lastRow = new byte[stride + Taps * PixelBytes + Overread];
        image.Pixels.AsSpan(^stride..).CopyTo(lastRow);
        fixed (byte* source = image.Pixels, last = lastRow, target = result.Pixels)
        fixed (Vector256<short>* group = groups)
        fixed (int* start = starts, first = weights.First)
        {
            var rows = stackalloc byte*[Rows];
            for (var y = 0; y < image.Height; y += Rows)
            {
                // A block that is not full repeats its last row.
                for (var r = 0; r < Rows; r++) rows[r] = y + r >= image.Height - 1 ? last : source + (long)(y + r) * stride;
                ResampleRows(rows, target + (long)y * result.Width * PixelBytes, Math.Min(Rows, image.Height - y), result.Width, group, start, first);
            }
        }
    }

    private static void ResampleRows(byte** rows, byte* target, int count, int width, Vector256<short>* groups, int* starts, int* first)
    {
        // Lower half: red, green and blue of the pixels 0 and 1 side by side, as 16-bit values; upper half: the same of the pixels 2 and 3.
        var pairs = Vector256.Create(
            0, 255, 3, 255, 1, 255, 4, 255, 2, 255, 5, 255, 255, 255, 255, 255,
            6, 255, 9, 255, 7, 255, 10, 255, 8, 255, 11, 255, 255, 255, 255, 255);
        byte* row0 = rows[0], row1 = rows[1], row2 = rows[2], row3 = rows[3];
        var stride = (long)width * PixelBytes;
        for (var x = 0; x < width; x++)
        {
            Vector256<int> high0 = default, high1 = default, high2 = default, high3 = default;
            Vector256<int> low0 = default, low1 = default, low2 = default, low3 = default;
            long at = first[x] * PixelBytes;
            for (var g = starts[x]; g < starts[x + 1]; g += 2, at += Taps * PixelBytes)
            {
                var (high, low) = (groups[g], groups[g + 1]);
                var pixels = Load(row0 + at, pairs);
                high0 += Avx2.MultiplyAddAdjacent(pixels, high);
                low0 += Avx2.MultiplyAddAdjacent(pixels, low);
                pixels = Load(row1 + at, pairs);
                high1 += Avx2.MultiplyAddAdjacent(pixels, high);
                low1 += Avx2.MultiplyAddAdjacent(pixels, low);
                pixels = Load(row2 + at, pairs);
                high2 += Avx2.MultiplyAddAdjacent(pixels, high);
                low2 += Avx2.MultiplyAddAdjacent(pixels, low);
                pixels = Load(row3 + at, pairs);
                high3 += Avx2.MultiplyAddAdjacent(pixels, high);
                low3 += Avx2.MultiplyAddAdjacent(pixels, low);
            }
            var upper = Sse2.PackSignedSaturate(Round(high0, low0), Round(high1, low1));
            var lower = Sse2.PackSignedSaturate(Round(high2, low2), Round(high3, low3));
            var four = Sse2.PackUnsignedSaturate(upper, lower).AsUInt32();
            for (var r = 0; r < count; r++)
            {
                var pixel = four.GetElement(r);
                var place = target + r * stride + x * PixelBytes;
                *(ushort*)place = (ushort)pixel;
                place[2] = (byte)(pixel >> 16);
            }
        }
    }

    private static Vector256<short> Load(byte* pixels, Vector256<byte> pairs) =>
        Avx2.Shuffle(Avx2.BroadcastVector128ToVector256(pixels), pairs).AsInt16();

    private static Vector128<int> Round(Vector256<int> high, Vector256<int> low)
    {
        var sums = (high << LowBits) + low;
        return (sums.GetLower() + sums.GetUpper() + Vector128.Create(Half)) >> FractionBits;
    }

    /// <summary>For each new pixel its groups of four taps, each as two vectors (high and low halves of the weights) laid out as the pixels are.</summary>
    private static (Vector256<short>[] Groups, int[] Starts) SplitWeights(ResamplingWeights weights)
    {
        var groups = new List<Vector256<short>>();
        var starts = new int[weights.First.Length + 1];
        Span<short> high = stackalloc short[Taps], low = stackalloc short[Taps];
        for (var x = 0; x < weights.First.Length; x++)
        {
            var taps = weights.Of(x);
            for (var k = 0; k < taps.Length; k += Taps)
            {
                for (var i = 0; i < Taps; i++)
                {
                    var weight = k + i < taps.Length ? taps[k + i] : 0;
                    (high[i], low[i]) = ((short)(weight >> LowBits), (short)(weight & ((1 << LowBits) - 1)));
                }
                groups.Add(Arrange(high));
                groups.Add(Arrange(low));
            }
            starts[x + 1] = groups.Count;
        }
        return ([.. groups], starts);
    }

    private static Vector256<short> Arrange(ReadOnlySpan<short> taps) => Vector256.Create(Pair(taps[0], taps[1]), Pair(taps[2], taps[3])).AsInt16();

    private static Vector128<int> Pair(short first, short second) => Vector128.Create((ushort)first | second << 16);
}
