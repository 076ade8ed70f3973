using System.Numerics;

namespace Falcon.Imaging;

/// <summary>The second pass of a separable resize: every column gets a new length.</summary>
internal static class ColumnResampling
{
    private const int FractionBits = ResamplingWeights.FractionBits, Half = 1 << (FractionBits - 1);

    /// <summary>The image with <paramref name="height"/> rows; the columns stay.</summary>
    public static RasterImage Resample(RasterImage image, int height, ResizeFilter filter)
    {
        var weights = ResamplingWeights.Create(image.Height, height, filter);
        var result = RasterImage.Uninitialised(image.Width, height, image.Channels);
        var stride = image.Width * image.Channels;
        for (var y = 0; y < height; y++)
        {
            var taps = weights.Of(y);
            var rows = image.Pixels.AsSpan(weights.First[y] * stride, taps.Length * stride);
            var target = result.Pixels.AsSpan(y * stride, stride);
            var x = 0;
            for (; x <= stride - Vector<byte>.Count; x += Vector<byte>.Count) Block(rows[x..], stride, taps).CopyTo(target[x..]);
            for (; x < stride; x++)
            {
                var sum = Half;
                for (var k = 0; k < taps.Length; k++) sum += taps[k] * rows[k * stride + x];
                target[x] = (byte)Math.Clamp(sum >> FractionBits, 0, 255);
            }
        }
        return result;
    }

    private static Vector<byte> Block(ReadOnlySpan<byte> rows, int stride, ReadOnlySpan<int> taps)
    {
        Vector<int> sum0 = new(Half), sum1 = sum0, sum2 = sum0, sum3 = sum0;
        for (var k = 0; k < taps.Length; k++)
        {
            Vector.Widen(new Vector<byte>(rows[(k * stride)..]), out var lower, out var upper);
            Vector.Widen(lower, out var first, out var second);
            Vector.Widen(upper, out var third, out var fourth);
            var weight = new Vector<int>(taps[k]);
            sum0 += Vector.AsVectorInt32(first) * weight;
            sum1 += Vector.AsVectorInt32(second) * weight;
            sum2 += Vector.AsVectorInt32(third) * weight;
            sum3 += Vector.AsVectorInt32(fourth) * weight;
        }
        return Vector.Narrow(Vector.Narrow(Level(sum0), Level(sum1)), Vector.Narrow(Level(sum2), Level(sum3)));
    }

    private static Vector<uint> Level(Vector<int> sum) =>
        Vector.AsVectorUInt32(Vector.Max(Vector.Min(sum >> FractionBits, new Vector<int>(255)), Vector<int>.Zero));
}
