namespace Falcon.Imaging;

/// <summary>
/// The threshold of N. Otsu (A threshold selection method from gray-level histograms, 1979) on 256 levels, in double precision.
/// </summary>
public static class Otsu
{
    private const double SmallestShare = 1.1920929e-7; // single precision epsilon

    /// <summary>The smallest level t that maximises the variance between the classes {v ≤ t} and {v &gt; t}; 0 when there are not two classes.</summary>
    public static int Threshold(ReadOnlySpan<byte> values)
    {
        Span<int> histogram = stackalloc int[256];
        foreach (var value in values) histogram[value]++;
        var share = 1.0 / values.Length;
        var mean = 0.0;
        for (var i = 0; i < 256; i++) mean += i * (double)histogram[i];
        mean *= share;

        var (threshold, largest, lowerShare, lowerMean) = (0, 0.0, 0.0, 0.0);
        for (var i = 0; i < 256; i++)
        {
            var p = histogram[i] * share;
            lowerMean *= lowerShare;
            lowerShare += p;
            var upperShare = 1 - lowerShare;
            if (Math.Min(lowerShare, upperShare) < SmallestShare || Math.Max(lowerShare, upperShare) > 1 - SmallestShare) continue;
            lowerMean = (lowerMean + i * p) / lowerShare;
            var upperMean = (mean - lowerShare * lowerMean) / upperShare;
            var variance = lowerShare * upperShare * (lowerMean - upperMean) * (lowerMean - upperMean);
            if (variance > largest) (largest, threshold) = (variance, i);
        }
        return threshold;
    }
}
