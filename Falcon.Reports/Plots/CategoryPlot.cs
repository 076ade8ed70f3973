using Falcon.Metrics;
using Falcon.Protocol;

namespace Falcon.Reports;

/// <summary>A metric per category: a row per category, a mark per method, with a bar of one standard deviation over seeds to either side.</summary>
public static class CategoryPlot
{
    private const double RowHeight = 0.55, MarkHeight = 0.14, LineHeight = 0.36, FrameHeight = 1.8;
    private const int NameLetters = 20;

    /// <summary>Makes the figure of one data set and number of shots; categories are sorted by the mean of all methods, the best on top.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="metric">The metric.</param>
    /// <param name="shots">How many training images; null takes the largest number.</param>
    /// <param name="dataSet">The data set; null takes the first.</param>
    /// <param name="name">The name of the figure's files.</param>
    /// <returns>Null when nothing was measured.</returns>
    public static Figure? Of(CellSet cells, Metric metric, ShotCount? shots = null, string? dataSet = null, string name = "categories")
    {
        var set = dataSet ?? cells.DataSets[0];
        var count = shots ?? cells.Contenders.Max(contender => contender.Shots);
        var contenders = cells.Contenders.Where(contender => contender.Shots == count).ToList();
        var rows = cells.Categories(set)
            .Select(category => (category, Values: contenders.Select(contender => cells.Measure(set, category, contender, metric).Estimate).ToList()))
            .Where(row => row.Values.Exists(value => value is not null))
            .OrderBy(row => row.Values.OfType<Estimate>().Average(value => value.Mean))
            .ToList();
        if (rows.Count == 0)
            return null;
        List<string> names = [.. rows.Select(row => TextLines.OfLetters(row.category, NameLetters))];
        // Marks of one row stand apart from one another and from those of the next.
        var distance = Math.Min(0.2, 0.8 / contenders.Count);
        var styles = new ContenderStyle(cells);
        List<ChartSeries> series = [];
        for (var i = 0; i < contenders.Count; i++)
        {
            var shift = distance * ((contenders.Count - 1) / 2.0 - i);
            var known = rows.Select((row, y) => (Value: row.Values[i], Y: y + shift)).Where(entry => entry.Value is not null).ToList();
            List<(double, double)> points = [.. known.Select(entry => (100 * entry.Value!.Mean, entry.Y))];
            var style = styles.Of(contenders[i].Method);
            series.Add(new ChartSeries.ErrorBars(style, points, [.. known.Select(entry => 100 * (entry.Value!.StandardDeviation ?? 0))], IsHorizontal: true));
            series.Add(new ChartSeries.Marks(contenders[i].Method.Title, style, points));
        }
        var ends = rows.SelectMany(row => row.Values).OfType<Estimate>()
            .SelectMany(value => new[] { value.Mean - (value.StandardDeviation ?? 0), Math.Min(1, value.Mean + (value.StandardDeviation ?? 0)) });
        return Figure.Of(new Chart(
            name,
            $"{metric.Title} per category of {set} with {count.Description}; bars span one standard deviation over seeds to either side.",
            ChartAxis.OfPercents($"{metric.Title} in percent", [.. ends.Select(end => 100 * end)]),
            new ChartAxis("", -0.6, rows.Count - 0.4) { Names = [.. names.Select((category, y) => new ChartTick(y, category))] },
            series)
        {
            PlotHeight = FrameHeight + rows.Count * Math.Max(RowHeight, Math.Max(MarkHeight * contenders.Count, LineHeight * names.Max(TextLines.Count))),
        });
    }
}
