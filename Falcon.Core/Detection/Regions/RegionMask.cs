using System.Numerics;
using Falcon.Metrics;

namespace Falcon.Detection;

/// <summary>Which pixels of a map belong to regions, with a border of one pixel around.</summary>
internal sealed class RegionMask
{
    private const int MedianSamples = 4096;

    private readonly AnomalyMap _map;

    /// <summary>Those above a threshold.</summary>
    public RegionMask(AnomalyMap map, double threshold)
    {
        (_map, Stride) = (map, map.Width + 2);
        Pixels = new byte[Stride * (map.Height + 2)];
        // The values are float: what exceeds the threshold exceeds the next float that does not.
        var limit = (float)threshold > threshold ? MathF.BitDecrement((float)threshold) : (float)threshold;
        for (var y = 0; y < map.Height; y++)
            Compare(map.Values.AsSpan(y * map.Width, map.Width), limit, Pixels.AsSpan((y + 1) * Stride + 1, map.Width));
        if (map.Region is { } region)
            Clear(region.At(map.Width, map.Height).Span);
    }

    /// <summary>Row by row, 1 inside of regions, 0 on the border.</summary>
    public byte[] Pixels { get; }

    /// <summary>Pixels per row with the border.</summary>
    public int Stride { get; }

    /// <summary>Column and row of a pixel of the mask.</summary>
    public (int X, int Y) Place(int pixel) => (pixel % Stride - 1, pixel / Stride - 1);

    /// <summary>The map under a run of the mask.</summary>
    public ReadOnlySpan<float> Under(MaskRun run)
    {
        var (x, y) = Place(run.Start);
        return _map.Values.AsSpan(y * _map.Width + x, run.Length);
    }

    /// <summary>The map's median where it was looked at, of values at equal distances: to say what is usual a few thousand are enough.</summary>
    public float Median()
    {
        var values = _map.Looked;
        var step = Math.Max(1, values.Length / MedianSamples);
        float[] samples = [.. Enumerable.Range(0, (values.Length + step - 1) / step).Select(i => values[i * step])];
        Array.Sort(samples);
        return samples[samples.Length / 2];
    }

    private void Clear(ReadOnlySpan<byte> inside)
    {
        for (var i = 0; i < inside.Length; i++)
            if (inside[i] == 0)
                Pixels[(i / _map.Width + 1) * Stride + i % _map.Width + 1] = 0;
    }

    /// <summary>1 for values above a limit: as many at once as a vector of bytes holds, and the rest one by one.</summary>
    private static void Compare(ReadOnlySpan<float> values, float limit, Span<byte> above)
    {
        var limits = new Vector<float>(limit);
        var i = 0;
        for (; i <= values.Length - Vector<byte>.Count; i += Vector<byte>.Count)
        {
            var bytes = Vector.Narrow(Narrow(values[i..]), Narrow(values[(i + Vector<ushort>.Count)..]));
            (bytes & Vector<byte>.One).CopyTo(above[i..]);
        }
        for (; i < values.Length; i++)
            above[i] = values[i] > limit ? (byte)1 : (byte)0;

        Vector<ushort> Narrow(ReadOnlySpan<float> part) => Vector.Narrow(
            Vector.GreaterThan(new Vector<float>(part), limits).As<int, uint>(),
            Vector.GreaterThan(new Vector<float>(part[Vector<float>.Count..]), limits).As<int, uint>());
    }
}
