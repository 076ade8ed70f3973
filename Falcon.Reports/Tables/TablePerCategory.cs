using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>One metric per category and on their mean, for every method and number of shots: categories as rows, or as columns where methods and shots would be more columns
/// than fit a page.</summary>
public static class TablePerCategory
{
    private const int MostContenders = 6;

    /// <summary>Makes the table.</summary>
    public static ReportTable Of(CellSet cells, Metric metric)
    {
        var notes = new TableNotes(cells, [metric]);
        var contenders = cells.Contenders.OrderBy(contender => contender.Shots).ToList();
        var measured = cells.DataSets.SelectMany(dataSet => Measured(cells, dataSet, metric)).ToList();
        var isTurned = contenders.Count > MostContenders && contenders.Count > measured.Count;
        var (columns, rows) = isTurned ? Turned(cells, contenders, measured, metric, notes) : Upright(cells, measured, metric, notes);
        var caption = $"{metric.Title} per category of {string.Join(" and ", cells.DataSets)}{Captions.Reading(rows)}";
        return new ReportTable(SectionName.Of("per-category", metric), caption, columns, rows, notes.All());
    }

    private static IEnumerable<Place> Measured(CellSet cells, string dataSet, Metric metric)
    {
        var categories = cells.Categories(dataSet);
        foreach (var category in categories)
            yield return new Place(dataSet, category, IsMean: false, contender => cells.Measure(dataSet, category, contender, metric));
        if (categories.Count > 1)
            yield return new Place(dataSet, "Mean", IsMean: true, contender => cells.MeasureMean(dataSet, contender, metric));
    }

    private static (List<TableColumn>, List<TableRow>) Upright(CellSet cells, List<Place> measured, Metric metric, TableNotes notes)
    {
        var hasSets = cells.DataSets.Count > 1;
        List<TableRow> rows = [];
        for (var i = 0; i < measured.Count; i++)
        {
            var (place, isFirst) = (measured[i], i == 0 || measured[i - 1].DataSet != measured[i].DataSet);
            List<TableCell> entries = [new TableCell.Text(place.Name), .. notes.Compared(metric, [.. cells.Contenders.Select(c => (c, place.Measure(c)))])];
            if (hasSets)
                entries.Insert(0, new TableCell.Text(isFirst ? place.DataSet : ""));
            rows.Add(new TableRow(entries, RuleAbove: place.IsMean || (isFirst && i > 0)));
        }
        List<TableColumn> columns = [new("Category", ColumnAlignment.Left)];
        if (hasSets)
            columns.Insert(0, new("Data set", ColumnAlignment.Left));
        columns.AddRange(cells.Contenders.Select(c => new TableColumn(c.Shots.Description, Group: c.Method.Title, GroupMark: notes.MethodMark(c.Method))));
        return (columns, rows);
    }

    private static (List<TableColumn>, List<TableRow>) Turned(CellSet cells, List<Contender> contenders, List<Place> measured, Metric metric, TableNotes notes)
    {
        var entries = measured.Select(place => notes.Compared(metric, [.. contenders.Select(c => (c, place.Measure(c)))])).ToList();
        var rows = contenders.Select((contender, i) => new TableRow(
            [
                new TableCell.Text(contender.Method.Title, notes.MethodMark(contender.Method)),
                new TableCell.Text($"{contender.Shots}"),
                .. entries.Select(column => column[i]),
            ],
            RuleAbove: i > 0 && contenders[i - 1].Shots != contender.Shots)).ToList();
        List<TableColumn> columns =
        [
            new("Method", ColumnAlignment.Left),
            new("Shots"),
            .. measured.Select(place => new TableColumn(place.Name, Group: cells.DataSets.Count > 1 ? place.DataSet : "")),
        ];
        return (columns, rows);
    }

    // A category, or the mean over those of a data set.
    private sealed record Place(string DataSet, string Name, bool IsMean, Func<Contender, Measurement> Measure);
}
