namespace Falcon.Reports;

/// <summary>P-values of several tests made comparable with one significance level (Holm 1979): the chance of any false discovery stays below it.</summary>
public static class Holm
{
    /// <summary>The corrected values in the order given: never smaller than before, at most 1.</summary>
    public static IReadOnlyList<double> Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        var largest = 0.0;
        var left = pValues.Count;
        foreach (var i in Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]))
            adjusted[i] = largest = Math.Max(largest, Math.Min(1, left-- * pValues[i]));
        return adjusted;
    }
}
