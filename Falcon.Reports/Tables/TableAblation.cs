using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>Variants of a method against the first one: a row per variant and number of shots, and for each metric its mean over categories and how far it
/// is from the first variant.</summary>
public static class TableAblation
{
    /// <summary>Makes the table of one data set.</summary>
    /// <param name="cells">The cells; the first method is the one that others are compared with.</param>
    /// <param name="metrics">The metrics; null takes all.</param>
    /// <param name="dataSet">The data set; null takes the first.</param>
    public static ReportTable Of(CellSet cells, IReadOnlyList<Metric>? metrics = null, string? dataSet = null)
    {
        var (shown, set) = (metrics ?? cells.Metrics, dataSet ?? cells.DataSets[0]);
        var notes = new TableNotes(cells, shown);
        var contenders = cells.Contenders.OrderBy(contender => contender.Shots).ToList();
        List<TableRow> rows = [];
        foreach (var contender in contenders)
        {
            var whole = contenders.First(c => c.Shots == contender.Shots);
            List<TableCell> entries = [new TableCell.Text(contender.Method.Title, notes.MethodMark(contender.Method)), new TableCell.Text($"{contender.Shots}")];
            foreach (var metric in shown)
            {
                entries.Add(notes.Entry(cells.MeasureMean(set, contender, metric)));
                entries.Add(contender == whole ? new TableCell.Text("") : Difference(PairedComparison.Of(cells, contender, whole, metric, set), notes));
            }
            rows.Add(new TableRow(entries, RuleAbove: contender == whole && rows.Count > 0));
        }
        List<TableColumn> columns = [new("Variant", ColumnAlignment.Left), new("Shots")];
        columns.AddRange(shown.SelectMany(metric => new TableColumn[] { new("Mean", Group: metric.Title), new("Change", Group: metric.Title) }));
        var caption = $"Variants on {set}, mean over categories{Captions.Reading(rows)} Changes are in percentage points against the first variant of equal shots, "
            + "over the categories and seeds that both have.";
        return new ReportTable("ablation", caption, columns, rows, notes.All());
    }

    private static TableCell Difference(PairedComparison? comparison, TableNotes notes) =>
        comparison is null ? notes.Entry(new Measurement(null, Absence.NotEvaluated)) : new TableCell.Difference(comparison.Differences.Average());
}
