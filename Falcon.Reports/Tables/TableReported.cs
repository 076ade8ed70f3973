using Falcon.Metrics;
using Falcon.Protocol;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>What others published beside what was measured here, mean over the measured categories of each data set.</summary>
public static class TableReported
{
    private const string Pilcrow = "¶";

    /// <summary>Makes the table: a row per data set, method and number of shots that was measured or published, for those methods that were measured.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="reported">Published numbers; null takes <see cref="ReportedResults.All"/>.</param>
    public static ReportTable Of(CellSet cells, IReadOnlyList<ReportedResult>? reported = null)
    {
        var notes = new TableNotes(cells, cells.Metrics);
        List<string> sources = [];
        List<TableRow> rows = [];
        foreach (var dataSet in cells.DataSets)
        {
            var published = (reported ?? ReportedResults.All).Where(result => result.DataSet == dataSet).ToList();
            var categories = cells.Categories(dataSet);
            var first = true;
            foreach (var method in cells.Contenders.Select(contender => contender.Method).Distinct())
            {
                var groups = published.Where(result => result.Method == method.Name).GroupBy(result => (result.Shots, result.Title, result.Source)).ToList();
                var shots = cells.Contenders.Where(contender => contender.Method == method).Select(contender => contender.Shots);
                foreach (var count in shots.Concat(groups.Select(group => group.Key.Shots)).Distinct().Order())
                {
                    var matching = groups.Where(group => group.Key.Shots == count).ToList();
                    foreach (var group in matching.DefaultIfEmpty())
                    {
                        List<TableCell> row =
                        [
                            new TableCell.Text(first ? dataSet : ""),
                            new TableCell.Text(Title(method, group?.Key.Title, shots.Contains(count)), Mark(group?.Key.Source, sources)),
                            new TableCell.Text($"{count}"),
                            .. cells.Metrics.SelectMany(metric => new[] { Ours(cells, dataSet, method, count, metric, notes), Theirs(group, metric, categories, notes) }),
                        ];
                        rows.Add(new TableRow(row, RuleAbove: first && rows.Count > 0));
                        first = false;
                    }
                }
            }
        }
        List<TableColumn> columns = [new("Data set", ColumnAlignment.Left), new("Method", ColumnAlignment.Left), new("Shots")];
        columns.AddRange(cells.Metrics.SelectMany(metric => new TableColumn[] { new("ours", Group: metric.Title), new("reported", Group: metric.Title) }));
        var caption = $"Results of this study beside published ones, mean over the categories of {string.Join(" and ", cells.DataSets)}{Captions.Reading(rows)} "
            + "Published numbers come with their own protocols: compare with care.";
        var isPartial = rows.SelectMany(row => row.Cells).Any(cell => cell is TableCell.Number number && number.Mark.EndsWith(Pilcrow, StringComparison.Ordinal));
        IEnumerable<TableNote> partial = isPartial ? [new TableNote(Pilcrow, "Over all categories of the data set, of which this study has only some.")] : [];
        return new ReportTable(
            "reported", caption, columns, rows, [.. notes.All(), .. partial, .. sources.Select((source, i) => new TableNote($"{i + 1}", $"{source}."))]);
    }

    // A variant of ours, a random teacher say, must not pass as what was published.
    private static string Title(MethodLabel method, string? published, bool measured)
    {
        if (published is null || (measured && method.Title.StartsWith(published, StringComparison.Ordinal)))
            return method.Title;
        return !measured || published.StartsWith(method.Title, StringComparison.Ordinal) ? published : $"{method.Title}; reported: {published}";
    }

    private static TableCell Ours(CellSet cells, string dataSet, MethodLabel method, ShotCount shots, Metric metric, TableNotes notes)
    {
        var contender = new Contender(method, shots);
        return notes.Entry(cells.Contenders.Contains(contender) ? cells.MeasureMean(dataSet, contender, metric) : new Measurement(null, Absence.NotRun));
    }

    // The published mean where all categories were measured, else the mean of those that were, else a mean that is marked.
    private static TableCell Theirs(IEnumerable<ReportedResult>? group, Metric metric, IReadOnlyList<string> categories, TableNotes notes)
    {
        var results = group?.Where(result => result.Metric == metric).ToList() ?? [];
        var mean = results.Find(result => result.Category is null);
        var measured = results.Where(result => result.Category is { } category && categories.Contains(category)).ToList();
        if (mean is not null && mean.Categories <= categories.Count)
            return Published(mean.Value, mean.Deviation, notes.ReportedMark(mean));
        if (measured.Count == categories.Count)
            return Published(measured.Average(result => result.Value), measured is [var only] ? only.Deviation : null, notes.ReportedMark(measured[0]));
        return mean is null ? notes.Entry(new Measurement(null, Absence.NotPublished)) : Published(mean.Value, mean.Deviation, notes.ReportedMark(mean) + Pilcrow);
    }

    private static TableCell.Number Published(double value, double? deviation, string mark) => new(new Estimate(value, deviation, 0), Mark: mark);

    private static string Mark(string? source, List<string> sources)
    {
        if (source is null)
            return "";
        if (!sources.Contains(source))
            sources.Add(source);
        return $"{sources.IndexOf(source) + 1}";
    }
}
