using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>A metric against what it costs to train for it: a line per method with a mark and its number for each number of shots, means over
/// categories, with a bar of one standard deviation over seeds to either side.</summary>
public static class CostPlot
{
    /// <summary>Makes the figure of one data set. Cost is preparation and training in seconds per category, on a logarithmic axis.</summary>
    /// <returns>Null when nothing was measured or timed.</returns>
    public static Figure? Of(CellSet cells, Metric metric, string? dataSet = null, string name = "cost")
    {
        var set = dataSet ?? cells.DataSets[0];
        List<ChartSeries> series = [];
        List<double> seconds = [], percents = [];
        List<((double Seconds, double Percent) Point, string Shots)> numbers = [];
        var style = 0;
        foreach (var method in cells.Contenders.GroupBy(contender => contender.Method))
        {
            List<(Contender Contender, (double Seconds, double Percent) Point, double Reach)> measured = [];
            foreach (var contender in method)
            {
                var timed = cells.Of(contender).Where(cell => cell.DataSet == set).Select(cell => cell.Timings.Prepare + cell.Timings.Train).ToList();
                if (cells.MeasureMean(set, contender, metric).Estimate is { } value && timed.Average() > 0)
                    measured.Add((contender, (timed.Average(), 100 * value.Mean), 100 * (value.StandardDeviation ?? 0)));
            }
            if (measured.Count == 0)
                continue;
            List<(double, double)> points = [.. measured.Select(entry => entry.Point)];
            series.Add(new ChartSeries.ErrorBars(style, points, [.. measured.Select(entry => entry.Reach)]));
            series.Add(new ChartSeries.Line(method.Key.Title, style++, points) { IsMarked = true, Weight = 0.6 });
            numbers.AddRange(measured.Select(entry => (entry.Point, $"{entry.Contender.Shots}")));
            seconds.AddRange(points.Select(point => point.Item1));
            percents.AddRange(measured.SelectMany(entry => new[] { entry.Point.Percent - entry.Reach, Math.Min(100, entry.Point.Percent + entry.Reach) }));
        }
        if (series.Count == 0)
            return null;
        var axis = ChartAxis.Logarithmic("Seconds to train, per category", seconds);
        var beside = Math.Pow(axis.High / axis.Low, 0.017);
        series.Add(new ChartSeries.Texts([.. numbers.Select(number => (beside * number.Point.Seconds, number.Point.Percent))], [.. numbers.Select(number => number.Shots)], TextSide.Left));
        return Figure.Of(new Chart(
            name,
            $"{metric.Title} on {set} against the time of preparation and training per category. "
                + "Numbers are training images (shots); bars span one standard deviation over seeds to either side.",
            axis,
            ChartAxis.OfPercents($"{metric.Title} in percent", percents),
            series));
    }
}
