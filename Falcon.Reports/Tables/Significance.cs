using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>Marks numbers that differ from the best among methods with equal shots, by Wilcoxon's signed-rank test over categories and seeds, corrected
/// after Holm over the methods that are compared with one best.</summary>
internal static class Significance
{
    private const double Level = 0.05;
    private const string Star = "*";

    /// <summary>What the mark means, and that nothing is marked where nothing is.</summary>
    public static TableNote Note(bool any) => any
        ? new TableNote(Star, "Differs from the best of its shots at 5 % (Wilcoxon signed-rank test over categories × seeds, Holm-corrected).")
        : new TableNote("", "No difference from the best of equal shots is significant at 5 % (Wilcoxon signed-rank test over categories × seeds, Holm-corrected).");

    /// <summary>The entries of one column with marks; the number of tests that were made.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="metric">The metric of the column.</param>
    /// <param name="dataSet">Its data set.</param>
    /// <param name="contenders">The contender of each entry.</param>
    /// <param name="entries">The entries, the best ones emphasised.</param>
    public static (IReadOnlyList<TableCell> Entries, int Tests) Marked(
        CellSet cells, Metric metric, string dataSet, IReadOnlyList<Contender> contenders, IReadOnlyList<TableCell> entries)
    {
        var marked = entries.ToArray();
        var tests = 0;
        foreach (var rivals in Enumerable.Range(0, entries.Count).GroupBy(i => contenders[i].Shots))
        {
            if (!rivals.Any(i => IsBest(entries[i])))
                continue;
            var best = rivals.First(i => IsBest(entries[i]));
            // Numbers without emphasis and those of the second best are ranked; methods that are not, by the rules of the table, are not tested either.
            var compared = rivals.Where(i => i != best && entries[i] is TableCell.Number { Emphasis: not Emphasis.Unranked })
                .Select(i => (Entry: i, Comparison: PairedComparison.Of(cells, contenders[best], contenders[i], metric, dataSet)))
                .Where(rival => rival.Comparison is not null)
                .ToList();
            var pValues = Holm.Adjust([.. compared.Select(rival => rival.Comparison!.Test.PValue)]);
            tests += compared.Count;
            for (var i = 0; i < compared.Count; i++)
            {
                if (pValues[i] < Level && marked[compared[i].Entry] is TableCell.Number number)
                    marked[compared[i].Entry] = number with { Mark = number.Mark + Star };
            }
        }
        return (marked, tests);
    }

    private static bool IsBest(TableCell entry) => entry is TableCell.Number { Emphasis: Emphasis.Best };
}
