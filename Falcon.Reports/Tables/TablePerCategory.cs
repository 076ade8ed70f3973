using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>One metric: a row per category and their mean, a column per method and number of shots.</summary>
public static class TablePerCategory
{
    /// <summary>Makes the table.</summary>
    public static ReportTable Of(CellSet cells, Metric metric)
    {
        var notes = new TableNotes(cells, [metric]);
        var rows = cells.DataSets.SelectMany((dataSet, i) => Rows(cells, dataSet, metric, notes, first: i == 0)).ToList();
        List<TableColumn> columns = [new("Category", ColumnAlignment.Left)];
        if (cells.DataSets.Count > 1)
            columns.Insert(0, new("Data set", ColumnAlignment.Left));
        columns.AddRange(cells.Contenders.Select(c => new TableColumn(c.Shots.Description, Group: c.Method.Title, GroupMark: notes.MethodMark(c.Method))));
        var caption = $"{metric.Title} per category of {string.Join(" and ", cells.DataSets)}{Captions.Reading(rows)}";
        return new ReportTable($"per-category-{LabelOf(metric)}", caption, columns, rows, notes.All());
    }

    private static IEnumerable<TableRow> Rows(CellSet cells, string dataSet, Metric metric, TableNotes notes, bool first)
    {
        var categories = cells.Categories(dataSet);
        TableRow Row(string name, bool rule, bool showsDataSet, Func<Contender, Measurement> measure)
        {
            List<TableCell> entries = [new TableCell.Text(name)];
            if (cells.DataSets.Count > 1)
                entries.Insert(0, new TableCell.Text(showsDataSet ? dataSet : ""));
            entries.AddRange(notes.Compared(metric, [.. cells.Contenders.Select(c => (c, measure(c)))]));
            return new TableRow(entries, rule);
        }

        for (var i = 0; i < categories.Count; i++)
        {
            var category = categories[i];
            yield return Row(category, rule: i == 0 && !first, showsDataSet: i == 0, c => cells.Measure(dataSet, category, c, metric));
        }
        if (categories.Count > 1)
            yield return Row("Mean", rule: true, showsDataSet: false, c => cells.MeasureMean(dataSet, c, metric));
    }

    private static string LabelOf(Metric metric) => string.Concat(metric.Name.Where(char.IsAsciiLetterOrDigit));
}
