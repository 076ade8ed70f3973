namespace Falcon.Metrics;

/// <summary>The overlap averaged over regions against the false-positive rate over all normal pixels (the PRO curve of Bergmann et al., IJCV 2021): straight
/// lines between points that climb from (0, 0) to (1, 1) as the threshold falls.</summary>
/// <param name="FalsePositiveRates">The share of normal pixels called anomalous, ascending from 0.</param>
/// <param name="Overlaps">The share of a region that is found, averaged over regions; ascending from 0.</param>
public sealed record OverlapCurve(IReadOnlyList<double> FalsePositiveRates, IReadOnlyList<double> Overlaps)
{
    /// <summary>The highest overlap at one false-positive rate.</summary>
    /// <param name="falsePositiveRate">In [0, 1].</param>
    public double At(double falsePositiveRate)
    {
        int low = 0, high = FalsePositiveRates.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (FalsePositiveRates[middle] <= falsePositiveRate)
                low = middle + 1;
            else
                high = middle;
        }
        if (low == FalsePositiveRates.Count)
            return Overlaps[^1];
        var (left, right) = (FalsePositiveRates[low - 1], FalsePositiveRates[low]);
        return double.Lerp(Overlaps[low - 1], Overlaps[low], (falsePositiveRate - left) / (right - left));
    }
}
