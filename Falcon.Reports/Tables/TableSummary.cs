namespace Falcon.Reports;

/// <summary>All metrics, averaged over categories: a row per method and number of shots, a column per data set and metric.</summary>
public static class TableSummary
{
    /// <summary>Makes the table.</summary>
    public static ReportTable Of(CellSet cells)
    {
        var notes = new TableNotes(cells, cells.Metrics);
        var contenders = cells.Contenders.OrderBy(contender => contender.Shots).ToList();
        var measured = cells.DataSets.SelectMany(dataSet => cells.Metrics.Select(metric => (DataSet: dataSet, Metric: metric))).ToList();
        var columnsTested = measured
            .Select(column => Significance.Marked(
                cells,
                column.Metric,
                column.DataSet,
                contenders,
                notes.Compared(column.Metric, [.. contenders.Select(c => (c, cells.MeasureMean(column.DataSet, c, column.Metric)))])))
            .ToList();
        var entries = columnsTested.Select(column => column.Entries).ToList();
        var isMarked = entries.Any(column => column.OfType<TableCell.Number>().Any(number => number.Mark.Contains('*')));
        var rows = contenders
            .Select((contender, i) => new TableRow(
                [
                    new TableCell.Text(contender.Method.Title, notes.MethodMark(contender.Method)),
                    new TableCell.Text($"{contender.Shots}"),
                    .. entries.Select(column => column[i]),
                ],
                RuleAbove: i > 0 && contenders[i - 1].Shots != contender.Shots))
            .ToList();
        List<TableColumn> columns =
        [
            new("Method", ColumnAlignment.Left),
            new("Shots"),
            .. measured.Select(column => new TableColumn(column.Metric.Title, Group: cells.DataSets.Count > 1 ? column.DataSet : "")),
        ];
        var caption = $"{Subject(cells)}{Captions.Reading(rows)}";
        var significance = Significance.Note([.. columnsTested.SelectMany(column => column.Compared)], isMarked);
        IReadOnlyList<TableNote> all = significance is null ? notes.All() : [.. notes.All(), significance];
        return new ReportTable("summary", caption, columns, rows, all);
    }

    private static string Subject(CellSet cells) => cells.DataSets is [var dataSet] && cells.Categories(dataSet) is [var category]
        ? $"All metrics on {category} of {dataSet}"
        : $"Mean over the categories of {string.Join(" and ", cells.DataSets)}";
}
