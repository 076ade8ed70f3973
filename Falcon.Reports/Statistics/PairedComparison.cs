using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>Two contenders over the categories and seeds that both have.</summary>
/// <param name="First">One.</param>
/// <param name="Second">The other.</param>
/// <param name="Differences">For each category and seed the first one's value less the second one's, as fractions.</param>
/// <param name="Test">The signed-rank test of the differences.</param>
public sealed record PairedComparison(Contender First, Contender Second, IReadOnlyList<double> Differences, WilcoxonSignedRank Test)
{
    /// <summary>Compares on all data sets; null when no category and seed has a value of both.</summary>
    public static PairedComparison? Of(CellSet cells, Contender first, Contender second, Metric metric, string? dataSet = null)
    {
        var others = Values(second);
        // Rounded, so that differences that only arithmetic sets apart tie.
        var differences = Values(first).Where(value => others.ContainsKey(value.Key)).Select(value => Math.Round(value.Value - others[value.Key], 12)).ToList();
        return differences.Count == 0 ? null : new PairedComparison(first, second, differences, WilcoxonSignedRank.Of(differences));

        Dictionary<(string, string, long), double> Values(Contender contender) => cells.Of(contender)
            .Where(cell => (dataSet is null || cell.DataSet == dataSet) && cell.Find(metric)?.Value is not null)
            .ToDictionary(cell => (cell.DataSet, cell.Category, cell.Seed), cell => cell.Find(metric)!.Value!.Value);
    }
}
