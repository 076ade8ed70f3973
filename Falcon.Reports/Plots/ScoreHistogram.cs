using System.Globalization;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>How the scores of normal and of anomalous test images of one cell are spread, with the threshold of the best F1 score.</summary>
public static class ScoreHistogram
{
    private const int Bins = 24;

    /// <summary>Makes the figure.</summary>
    /// <returns>Null when the test images are of one class only, and when all scores are equal.</returns>
    public static Figure? Of(CellResult cell, string name = "scores")
    {
        var (low, high) = (cell.Images.Min(image => image.Score), cell.Images.Max(image => image.Score));
        if (cell.Ranking().F1Max is not { Threshold: var threshold } || low == high)
            return null;
        var width = (high - low) / Bins;
        var counts = new int[2][];
        foreach (var isAnomalous in new[] { false, true })
        {
            counts[isAnomalous ? 1 : 0] = new int[Bins];
            foreach (var image in cell.Images.Where(image => image.IsAnomalous == isAnomalous))
                counts[isAnomalous ? 1 : 0][Math.Min(Bins - 1, (int)((image.Score - low) / width))]++;
        }
        var top = 1.12 * Math.Max(counts[0].Max(), counts[1].Max());
        List<ChartSeries> series = [];
        for (var i = 0; i < 2; i++)
        {
            var outline = Outline(counts[i], low, width);
            series.Add(new ChartSeries.Area("", i, outline));
            series.Add(new ChartSeries.Line(i == 0 ? "normal" : "anomalous", i, outline));
        }
        var title = string.Create(CultureInfo.InvariantCulture, $"threshold {threshold:G3}").Replace('-', '−');
        series.Add(new ChartSeries.Line(title, PlotStyle.Ink, [(threshold, 0), (threshold, top)]) { Weight = 0.6 });
        return Figure.Of(new Chart(
            name,
            $"Scores of the test images of {cell.Category}, {new Contender(cell.Method, cell.Protocol.Shots).Title}, seed {cell.Seed}; "
                + "the threshold is the one with the best F1 score on them.",
            new ChartAxis("Image score", low - width, high + width),
            ChartAxis.OfCounts("Images", 0, top),
            series));
    }

    private static List<(double, double)> Outline(int[] counts, double low, double width) =>
        [(low, 0), .. counts.SelectMany((count, i) => new (double, double)[] { (low + i * width, count), (low + (i + 1) * width, count) }), (low + counts.Length * width, 0)];
}
