using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>A metric against what it costs to train for it: a line per method with a mark and its number for each number of shots, means over
/// categories, with a bar of one standard deviation over seeds to either side.</summary>
public static class CostPlot
{
    // About the room between the axes, in centimetres.
    private const double Width = 7, Height = 4.3;

    // How far above its point a text stands.
    private const double Raised = 0.08;

    /// <summary>Makes the figure of one data set. Cost is preparation and training in seconds per category, on a logarithmic axis.</summary>
    /// <returns>Null when nothing was measured or timed.</returns>
    public static Figure? Of(CellSet cells, Metric metric, string? dataSet = null, string name = "cost")
    {
        var set = dataSet ?? cells.DataSets[0];
        var styles = new ContenderStyle(cells);
        List<Measured> all = [];
        foreach (var contender in cells.Contenders)
        {
            var timed = cells.Of(contender).Where(cell => cell.DataSet == set).Select(cell => cell.Timings.Prepare + cell.Timings.Train).ToList();
            if (cells.MeasureMean(set, contender, metric).Estimate is { } value && timed.Average() > 0)
                all.Add(new(contender, timed.Average(), 100 * value.Mean, 100 * (value.StandardDeviation ?? 0)));
        }
        if (all.Count == 0)
            return null;
        List<ChartSeries> series = [];
        foreach (var method in all.GroupBy(entry => entry.Contender.Method))
        {
            var style = styles.Of(method.Key);
            List<(double, double)> points = [.. method.Select(entry => (entry.Seconds, entry.Percent))];
            series.Add(new ChartSeries.ErrorBars(style, points, [.. method.Select(entry => entry.Reach)]));
            series.Add(new ChartSeries.Line(method.Key.Title, style, points) { IsMarked = true, Weight = 0.6 });
        }
        var x = ChartAxis.Logarithmic("Seconds to train, per category", [.. all.Select(entry => entry.Seconds)]);
        var y = ChartAxis.OfPercents($"{metric.Title} in percent", [.. all.SelectMany(entry => new[] { entry.Percent - entry.Reach, Math.Min(100, entry.Percent + entry.Reach) })]);
        if (all.Select(entry => entry.Contender.Shots).Distinct().Count() > 1)
            series.AddRange(Numbers(all, x, y));
        return Figure.Of(new Chart(
            name,
            $"{metric.Title} on {set} against the time of preparation and training per category. "
                + "Numbers are training images (shots); bars span one standard deviation over seeds to either side.",
            x,
            y,
            series));
    }

    // Numbers of shots beside their marks, where no bar, mark or other number is.
    private static IEnumerable<ChartSeries> Numbers(List<Measured> all, ChartAxis x, ChartAxis y)
    {
        var (perX, perY) = (Width / Math.Log(x.High / x.Low), Height / (y.High - y.Low));
        var labels = new LabelPlacement(
            Width, Height, all.Select(entry => (perX * Math.Log(entry.Seconds / x.Low), perY * (entry.Percent - y.Low), perY * entry.Reach)));
        foreach (var entry in all)
        {
            var (left, low) = labels.Place(perX * Math.Log(entry.Seconds / x.Low), perY * (entry.Percent - y.Low), perY * entry.Reach, $"{entry.Contender.Shots}");
            yield return new ChartSeries.Texts([(x.Low * Math.Exp(left / perX), y.Low + (low - Raised) / perY)], [$"{entry.Contender.Shots}"], TextSide.Left);
        }
    }

    private sealed record Measured(Contender Contender, double Seconds, double Percent, double Reach);
}
