using System.Globalization;
using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>Marks numbers that differ from the best among methods with equal shots, by Wilcoxon's signed-rank test over categories and seeds, corrected
/// after Holm over the methods that are compared with one best.</summary>
internal static class Significance
{
    private const double Level = 0.05;
    private const string Star = "*";

    /// <summary>Comparisons of one column with the best of some shots.</summary>
    /// <param name="Methods">How many are compared.</param>
    /// <param name="Pairs">The most pairs of values that a comparison has.</param>
    public readonly record struct Comparisons(int Methods, int Pairs)
    {
        /// <summary>The smallest p that any values could give, corrected: 2 of the 2ⁿ signs of n pairs are as extreme as can be.</summary>
        public double SmallestP => Math.Min(1, Methods * Math.Pow(2, 1 - Pairs));

        /// <summary>Whether any values could be significant.</summary>
        public bool CanBeTested => SmallestP < Level;
    }

    /// <summary>What the mark means, that nothing is marked where nothing is, or that there are too few values to say anything; null where nothing is compared.</summary>
    /// <param name="all">The comparisons of the table.</param>
    /// <param name="any">Whether anything is marked.</param>
    public static TableNote? Note(IReadOnlyList<Comparisons> all, bool any)
    {
        const string test = "(Wilcoxon signed-rank test over categories × seeds, Holm-corrected)";
        if (any)
            return new(Star, $"Differs from the best of its shots at 5 % {test}.");
        if (all.Any(comparisons => comparisons.CanBeTested))
            return new("", $"No difference from the best of equal shots is significant at 5 % {test}.");
        return all.Count == 0 ? null : TooFew(all.MaxBy(comparisons => comparisons.Pairs));
    }

    private static TableNote TooFew(Comparisons most) => new(
        "",
        string.Create(
            CultureInfo.InvariantCulture,
            $"Differences are not tested: {most.Pairs} {(most.Pairs == 1 ? "pair" : "pairs")} of category and seed, smallest possible p {most.SmallestP:0.###}."));

    /// <summary>The entries of one column with marks, and what was compared.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="metric">The metric of the column.</param>
    /// <param name="dataSet">Its data set.</param>
    /// <param name="contenders">The contender of each entry.</param>
    /// <param name="entries">The entries, the best ones emphasised.</param>
    public static (IReadOnlyList<TableCell> Entries, IReadOnlyList<Comparisons> Compared) Marked(
        CellSet cells, Metric metric, string dataSet, IReadOnlyList<Contender> contenders, IReadOnlyList<TableCell> entries)
    {
        var marked = entries.ToArray();
        List<Comparisons> all = [];
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
            if (compared.Count == 0)
                continue;
            var tested = new Comparisons(compared.Count, compared.Max(rival => rival.Comparison!.Differences.Count));
            all.Add(tested);
            for (var i = 0; i < compared.Count && tested.CanBeTested; i++)
            {
                if (marked[compared[i].Entry] is TableCell.Number number)
                    marked[compared[i].Entry] = number with { Mark = number.Mark + (pValues[i] < Level ? Star : ""), PValue = pValues[i] };
            }
        }
        return (marked, all);
    }

    private static bool IsBest(TableCell entry) => entry is TableCell.Number { Emphasis: Emphasis.Best };
}
