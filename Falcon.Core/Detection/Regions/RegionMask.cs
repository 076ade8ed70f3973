using Falcon.Metrics;

namespace Falcon.Detection;

/// <summary>Which pixels of a map belong to regions.</summary>
internal sealed class RegionMask
{
    private const int MedianSamples = 4096;

    private readonly AnomalyMap _map;

    /// <summary>Those above a threshold.</summary>
    public RegionMask(AnomalyMap map, double threshold)
    {
        (_map, Stride) = (map, map.Width + 2);
        Pixels = new byte[Stride * (map.Height + 2)];
        for (var y = 0; y < map.Height; y++)
        {
            var row = map.Values.AsSpan(y * map.Width, map.Width);
            var target = Pixels.AsSpan((y + 1) * Stride + 1, map.Width);
            for (var x = 0; x < row.Length; x++)
                target[x] = row[x] > threshold ? (byte)1 : (byte)0;
        }
    }

    /// <summary>Row by row with a border of zeros, 1 inside of regions.</summary>
    public byte[] Pixels { get; }

    /// <summary>Pixels per row with the border.</summary>
    public int Stride { get; }

    /// <summary>Column, row and values of a run of the mask.</summary>
    public (int X, int Y, ArraySegment<float> Values) Under(MaskRun run)
    {
        var (x, y) = (run.Start % Stride - 1, run.Start / Stride - 1);
        return (x, y, new(_map.Values, y * _map.Width + x, run.Length));
    }

    /// <summary>Takes pixels away that are lower than a share of the height of their region's peak above the map's median.</summary>
    public void Trim(double share)
    {
        var regions = MaskRegions.Of(Pixels, Stride);
        var levels = new double[regions.Areas.Count];
        Array.Fill(levels, double.NegativeInfinity);
        foreach (var run in regions.Runs)
        {
            foreach (var value in Under(run).Values.AsSpan())
                levels[run.Region] = Math.Max(levels[run.Region], value);
        }
        var median = Median();
        for (var region = 0; region < levels.Length; region++)
            levels[region] = median + share * (levels[region] - median);
        foreach (var run in regions.Runs)
        {
            var values = Under(run).Values.AsSpan();
            for (var i = 0; i < values.Length; i++)
            {
                if (values[i] < levels[run.Region])
                    Pixels[run.Start + i] = 0;
            }
        }
    }

    /// <summary>The median of values at equal distances: it says what is usual, to which a few thousand are enough.</summary>
    private double Median()
    {
        var step = Math.Max(1, _map.Values.Length / MedianSamples);
        float[] samples = [.. Enumerable.Range(0, (_map.Values.Length + step - 1) / step).Select(i => _map.Values[i * step])];
        Array.Sort(samples);
        return samples[samples.Length / 2];
    }
}
