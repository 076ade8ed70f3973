using System.Globalization;
using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>Every pair of methods with equal shots, over categories and seeds: mean difference, effect sizes and the signed-rank test.</summary>
public static class TableComparisons
{
    private const double Level = 0.05;

    /// <summary>Makes the table; p-values are corrected after Holm over all its rows.</summary>
    public static ReportTable Of(CellSet cells, Metric metric)
    {
        var notes = new TableNotes(cells, [metric]);
        var pairs = cells.Contenders
            .SelectMany((first, i) => cells.Contenders.Skip(i + 1)
                .Where(second => second.Shots == first.Shots)
                .Select(second => PairedComparison.Of(cells, first, second, metric)))
            .OfType<PairedComparison>()
            .OrderBy(pair => pair.First.Shots)
            .ToList();
        var adjusted = Holm.Adjust([.. pairs.Select(pair => pair.Test.PValue)]);
        var rows = pairs.Select((pair, i) => new TableRow(
            [
                new TableCell.Text(pair.First.Method.Title, notes.MethodMark(pair.First.Method)),
                new TableCell.Text(pair.Second.Method.Title, notes.MethodMark(pair.Second.Method)),
                new TableCell.Text($"{pair.First.Shots}"),
                new TableCell.Text($"{pair.Differences.Count}"),
                new TableCell.Difference(pair.Differences.Average()),
                new TableCell.Text(EffectSize.CohenD(pair.Differences) is { } d ? Text(d) : "–"),
                new TableCell.Text(Text(pair.Test.RankBiserial)),
                new TableCell.Text(PValue.Text(pair.Test.PValue)),
                new TableCell.Text(PValue.Text(adjusted[i]), adjusted[i] < Level ? "*" : ""),
            ],
            RuleAbove: i > 0 && pairs[i - 1].First.Shots != pair.First.Shots)).ToList();
        TableColumn[] columns =
        [
            new("First", ColumnAlignment.Left), new("Second", ColumnAlignment.Left), new("Shots"), new("Pairs"), new("Difference"), new("d"), new("r"),
            new("p"), new("Holm p"),
        ];
        var caption = $"{metric.Title} of methods in pairs over categories and seeds of {string.Join(" and ", cells.DataSets)}: difference in percentage points.";
        TableNote[] meanings =
        [
            new("", "d: Cohen's d of the paired differences; r: rank-biserial correlation; p: Wilcoxon signed-rank test, two-sided; Holm p: corrected over all rows."),
            .. adjusted.Any(p => p < Level) ? new[] { new TableNote("*", "Significant at 5 % after correction.") } : [],
        ];
        return new ReportTable(SectionName.Of("comparisons", metric), caption, columns, rows, [.. notes.All(), .. meanings]);
    }

    private static string Text(double value) => value.ToString("F2", CultureInfo.InvariantCulture);
}
