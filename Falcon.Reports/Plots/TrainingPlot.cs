namespace Falcon.Reports;

/// <summary>Losses against epochs: one line per method, number of shots and loss, the mean over categories and seeds with a band from the lowest to the
/// highest.</summary>
public static class TrainingPlot
{
    /// <summary>Makes the figure from those cells that recorded their losses.</summary>
    /// <returns>Null when no cell did, and when a loss is not above 0, for the axis is logarithmic.</returns>
    public static Figure? Of(CellSet cells, string name = "training")
    {
        List<ChartSeries> series = [];
        var style = 0;
        foreach (var contender in cells.Contenders)
        {
            foreach (var same in cells.Of(contender).SelectMany(cell => cell.Losses ?? []).GroupBy(loss => loss.Name))
            {
                var epochs = same.Min(loss => loss.Values.Count);
                if (epochs < 2 || same.Any(loss => loss.Values.Take(epochs).Any(value => value <= 0)))
                    continue;
                series.AddRange(CurveMean.Of(
                    $"{contender.Title}: {same.Key}",
                    style++,
                    [.. Enumerable.Range(1, epochs).Select(epoch => (double)epoch)],
                    [.. same.Select(loss => (Func<double, double>)(epoch => loss.Values[(int)epoch - 1]))]));
            }
        }
        return series.Count == 0 ? null : Figure.Of(new Chart(
            name,
            "Mean loss of each epoch; lines are means over categories and seeds, bands span from the lowest to the highest.",
            ChartAxis.OfCounts("Epoch", 1, series.Max(s => s.Points.Max(point => point.X))),
            ChartAxis.Logarithmic("Loss", [.. series.SelectMany(s => s.Points).Select(point => point.Y)]),
            series)
        {
            PlotHeight = 6.4,
        });
    }
}
