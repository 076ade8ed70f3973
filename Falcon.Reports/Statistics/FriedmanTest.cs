using MathNet.Numerics.Distributions;

namespace Falcon.Reports;

/// <summary>Whether several methods differ over several data sets, by their ranks within each (Friedman 1937, corrected for ties).</summary>
/// <param name="MeanRanks">For each method the rank averaged over data sets; 1 is the best.</param>
/// <param name="DataSets">How many data sets (rows) were ranked.</param>
/// <param name="Statistic">χ² with as many degrees of freedom as there are methods, less one.</param>
/// <param name="PValue">The chance of such differences among equal methods.</param>
public sealed record FriedmanTest(IReadOnlyList<double> MeanRanks, int DataSets, double Statistic, double PValue)
{
    /// <summary>Tests values.</summary>
    /// <param name="values">A row per data set, a column per method, at least two of each; higher is better.</param>
    public static FriedmanTest Of(IReadOnlyList<IReadOnlyList<double>> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(values.Count, 2);
        var (rows, methods) = (values.Count, values[0].Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(methods, 2);
        var ranks = values.Select(row => MidRanks.Of([.. row.Select(value => -value)])).ToList();
        var sums = Enumerable.Range(0, methods).Select(m => ranks.Sum(row => row[m])).ToArray();
        var ties = values.Sum(row => MidRanks.TieSum(row));
        var correction = 1 - ties / (rows * (Math.Pow(methods, 3) - methods));
        var plain = 12.0 / (rows * methods * (methods + 1)) * sums.Sum(sum => sum * sum) - 3.0 * rows * (methods + 1);
        var statistic = correction > 0 ? plain / correction : 0;
        return new FriedmanTest([.. sums.Select(sum => sum / rows)], rows, statistic, 1 - ChiSquared.CDF(methods - 1, statistic));
    }

    /// <summary>How far two mean ranks must be apart for their methods to differ (Nemenyi 1963; Demšar, JMLR 2006, section 3.2.2).</summary>
    /// <param name="level">The significance level over all pairs, for example 0.05.</param>
    public double CriticalDifference(double level = 0.05)
    {
        var methods = MeanRanks.Count;
        return StudentizedRange.Quantile(1 - level, methods) / Math.Sqrt(2) * Math.Sqrt(methods * (methods + 1) / (6.0 * DataSets));
    }

    /// <summary>Groups of methods, by their index, whose mean ranks do not differ: the largest runs of neighbours within the critical difference.</summary>
    /// <inheritdoc cref="CriticalDifference" path="/param"/>
    public IReadOnlyList<IReadOnlyList<int>> Alike(double level = 0.05)
    {
        var difference = CriticalDifference(level);
        var order = Enumerable.Range(0, MeanRanks.Count).OrderBy(m => MeanRanks[m]).ToArray();
        List<IReadOnlyList<int>> groups = [];
        var reached = 0;
        for (var first = 0; first < order.Length; first++)
        {
            var last = first;
            while (last + 1 < order.Length && MeanRanks[order[last + 1]] - MeanRanks[order[first]] <= difference)
                last++;
            if (last > first && last > reached)
                groups.Add(order[first..(last + 1)]);
            reached = Math.Max(reached, last);
        }
        return groups;
    }
}
