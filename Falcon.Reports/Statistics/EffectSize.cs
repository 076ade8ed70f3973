using MathNet.Numerics.Statistics;

namespace Falcon.Reports;

/// <summary>How large a difference is, whatever the number of measurements.</summary>
public static class EffectSize
{
    /// <summary>The mean of paired differences in units of their standard deviation (Cohen's d for pairs); null for fewer than two pairs and for differences
    /// that are all the same.</summary>
    public static double? CohenD(IReadOnlyCollection<double> differences)
    {
        var (mean, deviation) = differences.MeanStandardDeviation();
        return differences.Count > 1 && deviation > 0 ? mean / deviation : null;
    }

    /// <summary>The chance that a value of the first sample exceeds one of the second, less the chance of the opposite, in [−1, 1] (Cliff 1993).</summary>
    /// <param name="first">At least one.</param>
    /// <param name="second">At least one.</param>
    public static double CliffDelta(IReadOnlyCollection<double> first, IReadOnlyCollection<double> second) =>
        first.Average(a => second.Average(b => (double)a.CompareTo(b)));
}
