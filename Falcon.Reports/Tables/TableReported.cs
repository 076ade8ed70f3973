using Falcon.Metrics;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>What others published beside what was measured here, mean over the categories of each data set.</summary>
public static class TableReported
{
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
            var published = (reported ?? ReportedResults.All).Where(result => result.DataSet == dataSet && result.Category is null).ToList();
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
                            new TableCell.Text(group?.Key.Title ?? method.Title, Mark(group?.Key.Source, sources)),
                            new TableCell.Text($"{count}"),
                            .. cells.Metrics.SelectMany(metric => new[] { Ours(cells, dataSet, method, count, metric), Theirs(group, metric) }),
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
        return new ReportTable("reported", caption, columns, rows, [.. notes.All(), .. sources.Select((source, i) => new TableNote($"{i + 1}", $"{source}."))]);
    }

    private static TableCell Ours(CellSet cells, string dataSet, MethodLabel method, ShotCount shots, Metric metric) =>
        cells.MeasureMean(dataSet, new Contender(method, shots), metric).Estimate is { } estimate ? new TableCell.Number(estimate) : new TableCell.Text("");

    private static TableCell Theirs(IEnumerable<ReportedResult>? group, Metric metric) =>
        group?.FirstOrDefault(result => result.Metric == metric) is { } result ? new TableCell.Number(new Estimate(result.Value, result.Deviation, 0)) : new TableCell.Text("");

    private static string Mark(string? source, List<string> sources)
    {
        if (source is null)
            return "";
        if (!sources.Contains(source))
            sources.Add(source);
        return $"{sources.IndexOf(source) + 1}";
    }
}
