using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>A metric, averaged over categories, against the number of training images: one line per method, with a bar of one standard deviation over
/// seeds to either side.</summary>
public static class ShotsPlot
{
    /// <summary>Makes the figure of one data set.</summary>
    /// <returns>Null when no method was run with two numbers of shots.</returns>
    public static Figure? Of(CellSet cells, Metric metric, string? dataSet = null, string name = "shots")
    {
        dataSet ??= cells.DataSets[0];
        var measured = cells.Contenders.Select(contender => (Contender: contender, cells.MeasureMean(dataSet, contender, metric).Estimate))
            .Where(entry => entry.Estimate is not null).ToList();
        var methods = measured.GroupBy(entry => entry.Contender.Method).ToList();
        if (!methods.Exists(method => method.Count() > 1))
            return null;
        var shots = measured.Select(entry => entry.Contender.Shots).Distinct().Order().ToList();
        var styles = new ContenderStyle(cells);
        List<ChartSeries> series = [];
        for (var i = 0; i < methods.Count; i++)
        {
            // Methods stand a little apart, so that their bars do not cover one another.
            var shift = 0.06 * (i - (methods.Count - 1) / 2.0);
            var points = methods[i].Select(entry => (shots.IndexOf(entry.Contender.Shots) + shift, 100 * entry.Estimate!.Mean)).ToList();
            series.Add(new ChartSeries.ErrorBars(styles.Of(methods[i].Key), points, [.. methods[i].Select(entry => 100 * (entry.Estimate!.StandardDeviation ?? 0))]));
            series.Add(new ChartSeries.Line(methods[i].Key.Title, styles.Of(methods[i].Key), points) { IsMarked = true });
        }
        var ends = series.OfType<ChartSeries.ErrorBars>()
            .SelectMany(bars => bars.Points.Zip(bars.Reach))
            .SelectMany(bar => new[] { bar.First.Y - bar.Second, Math.Min(100, bar.First.Y + bar.Second) });
        return Figure.Of(new Chart(
            name,
            $"{metric.Title} on {dataSet}, mean over categories, against the number of training images; bars span one standard deviation over seeds to either side.",
            new ChartAxis("Training images (shots)", -0.35, shots.Count - 0.65) { Names = [.. shots.Select((count, i) => new ChartTick(i, $"{count}"))] },
            ChartAxis.OfPercents($"{metric.Title} in percent", [.. ends]),
            series));
    }
}
