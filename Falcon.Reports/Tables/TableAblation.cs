using Falcon.Metrics;
using Falcon.Protocol;

namespace Falcon.Reports;

/// <summary>Variants of methods against the first of each method: a row per variant and number of shots, and for each metric its mean over categories and how far
/// it is from the first variant.</summary>
public static class TableAblation
{
    /// <summary>Makes the table of one data set.</summary>
    /// <param name="cells">The cells; of each method the first variant is the one that its others are compared with.</param>
    /// <param name="metrics">The metrics; null takes all.</param>
    /// <param name="dataSet">The data set; null takes the first.</param>
    public static ReportTable Of(CellSet cells, IReadOnlyList<Metric>? metrics = null, string? dataSet = null)
    {
        var (shown, set) = (metrics ?? cells.Metrics, dataSet ?? cells.DataSets[0]);
        var notes = new TableNotes(cells, shown);
        var methods = cells.Contenders.Select(contender => contender.Method.Name).Distinct().ToList();
        var contenders = cells.Contenders.OrderBy(contender => contender.Shots).ThenBy(contender => methods.IndexOf(contender.Method.Name)).ToList();
        var sizes = contenders.CountBy(Kind).ToDictionary();
        List<TableRow> rows = [];
        for (var i = 0; i < contenders.Count; i++)
        {
            var contender = contenders[i];
            var whole = contenders.First(c => Kind(c) == Kind(contender));
            var hasVariants = sizes[Kind(contender)] > 1;
            List<TableCell> entries = [new TableCell.Text(contender.Method.Title, notes.MethodMark(contender.Method)), new TableCell.Text($"{contender.Shots}")];
            foreach (var metric in shown)
            {
                entries.Add(notes.Entry(cells.MeasureMean(set, contender, metric)));
                entries.Add(contender == whole ? new TableCell.Text(hasVariants ? "base" : "") : Difference(PairedComparison.Of(cells, contender, whole, metric, set), notes));
            }
            var parts = i > 0 && Kind(contenders[i - 1]) != Kind(contender) && (hasVariants || sizes[Kind(contenders[i - 1])] > 1 || contenders[i - 1].Shots != contender.Shots);
            rows.Add(new TableRow(entries, RuleAbove: parts));
        }
        List<TableColumn> columns = [new("Variant", ColumnAlignment.Left), new("Shots")];
        columns.AddRange(shown.SelectMany(metric => new TableColumn[] { new("Mean", Group: metric.Title), new("Change", Group: metric.Title) }));
        var caption = $"Variants on {set}, mean over categories{Captions.Reading(rows)} Changes are in percentage points against the first variant of the same method and "
            + "shots, over the categories and seeds that both have.";
        return new ReportTable(SectionName.Of("ablation", metrics ?? []), caption, columns, rows, notes.All());
    }

    private static (string Method, ShotCount Shots) Kind(Contender contender) => (contender.Method.Name, contender.Shots);

    private static TableCell Difference(PairedComparison? comparison, TableNotes notes) =>
        comparison is null ? notes.Entry(new Measurement(null, Absence.NotEvaluated)) : new TableCell.Difference(comparison.Differences.Average());
}
