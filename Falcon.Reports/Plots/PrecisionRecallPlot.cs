using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>Precision against recall over images: one curve per method and number of shots, with a band over seeds, and the average precision in the
/// legend.</summary>
public static class PrecisionRecallPlot
{
    private const int Places = 200;

    /// <summary>Makes the figure; contenders without a seed that has every category are left out.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="name">The name of the figure's files.</param>
    /// <param name="hasBands">Whether curves have bands; null draws them for up to four curves.</param>
    /// <returns>Null when there is no curve to draw (all categories of one class only).</returns>
    public static Figure? Of(CellSet cells, string name = "precision-recall", bool? hasBands = null)
    {
        var categories = RocPlot.Defined(cells);
        var drawn = cells.Contenders.Select(contender => (Contender: contender, Seeds: RocPlot.Complete(cells.Of(contender), categories)))
            .Where(curve => categories > 0 && curve.Seeds.Count > 0).ToList();
        var styles = new ContenderStyle(cells);
        var isBanded = CurveMean.HasBands(hasBands, drawn.Count);
        List<ChartSeries> series = [];
        foreach (var (contender, seeds) in drawn)
        {
            var curves = seeds.Select(seed => seed.Select(ranking => ranking.PrecisionRecall()!).ToList()).ToList();
            var precision = Estimate.Of([.. seeds.Select(seed => seed.Average(ranking => ranking.AveragePrecision!.Value))]);
            series.AddRange(CurveMean.Of(
                $"{contender.Title}: {CurveMean.Text(precision)}",
                styles.Of(contender),
                CurveMean.Places(1.0 / Places, 1, Places),
                [.. curves.Select(seed => (Func<double, double>)(recall => seed.Average(curve => At(curve, recall))))],
                isBanded));
        }
        if (series.Count == 0)
            return null;
        var lowest = series.SelectMany(s => s.Points).Min(point => point.Y);
        return Figure.Of(new Chart(
            name,
            $"Precision against recall over the test images of {RocPlot.Subject(cells, categories)}{(categories > 1 ? ", averaged over categories at equal recall" : "")}."
                + CurveMean.Reading(drawn.Max(curve => curve.Seeds.Count), isBanded),
            new ChartAxis("Recall", 0, 1) { Step = 0.2 },
            new ChartAxis("Precision", lowest > 0.5 ? 0.5 : 0, 1.005) { Step = lowest > 0.5 ? 0.1 : 0.2 },
            series)
        {
            PlotHeight = 6.4,
            KeyTitle = "AP in percent",
        });
    }

    // The precision of the highest threshold that recalls as much: the step that average precision sums.
    private static double At(PrecisionRecallCurve curve, double recall)
    {
        var point = 0;
        while (curve.Recalls[point] < recall - 1e-12)
            point++;
        return curve.Precisions[point];
    }
}
