namespace Falcon.Reports;

/// <summary>Ranks from 1 for the smallest; equal values share the mean of the ranks that they take up.</summary>
internal static class MidRanks
{
    /// <summary>The rank of each value.</summary>
    public static double[] Of(IReadOnlyList<double> values)
    {
        var order = Enumerable.Range(0, values.Count).OrderBy(i => values[i]).ToArray();
        var ranks = new double[values.Count];
        for (int start = 0, end; start < order.Length; start = end)
        {
            for (end = start; end < order.Length && values[order[end]] == values[order[start]]; end++)
                ;
            for (var i = start; i < end; i++)
                ranks[order[i]] = (start + 1 + end) / 2.0;
        }
        return ranks;
    }

    /// <summary>Σ (t³ − t) over groups of t equal values.</summary>
    public static double TieSum(IEnumerable<double> values) => values.GroupBy(value => value).Sum(ties => Math.Pow(ties.Count(), 3) - ties.Count());
}
