using System.Globalization;

namespace Falcon.Reports;

/// <summary>Marks the best and the second best of numbers that may be compared: those of different methods with equal shots.</summary>
internal static class Comparison
{
    /// <summary>The entries with emphasis. Numbers that print alike are equal, so several may be best; a method without rivals is not marked.</summary>
    /// <param name="lowerIsBetter">Whether the smallest is the best.</param>
    /// <param name="entries">Each with its contender, and whether it takes part in the ranking.</param>
    public static IReadOnlyList<TableCell> Marked(bool lowerIsBetter, IReadOnlyList<(Contender Contender, TableCell Entry, bool IsRanked)> entries)
    {
        var marked = entries
            .Select(entry => entry is { IsRanked: false, Entry: TableCell.Number number } ? number with { Emphasis = Emphasis.Unranked } : entry.Entry)
            .ToArray();
        var ranked = Enumerable.Range(0, marked.Length).Where(i => entries[i].IsRanked && marked[i] is TableCell.Number);
        foreach (var rivals in ranked.GroupBy(i => entries[i].Contender.Shots))
        {
            if (rivals.Select(i => entries[i].Contender.Method).Distinct().Count() < 2)
                continue;
            var ranks = rivals.Select(i => Printed(marked[i])).Distinct().OrderBy(value => lowerIsBetter ? value : -value).ToList();
            foreach (var i in rivals)
            {
                var emphasis = ranks.IndexOf(Printed(marked[i])) switch { 0 => Emphasis.Best, 1 => Emphasis.Second, _ => Emphasis.None };
                marked[i] = (TableCell.Number)marked[i] with { Emphasis = emphasis };
            }
        }
        return marked;
    }

    private static decimal Printed(TableCell cell) => decimal.Parse(((TableCell.Number)cell).Estimate.MeanText, CultureInfo.InvariantCulture);
}
