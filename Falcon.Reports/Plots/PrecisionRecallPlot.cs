using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>Precision against recall over images: one curve per method and number of shots, with a band over seeds, and the average precision in the
/// legend.</summary>
public static class PrecisionRecallPlot
{
    private const int Places = 200;

    /// <summary>Makes the figure; contenders without a seed that has every category are left out.</summary>
    /// <returns>Null when there is no curve to draw (all categories of one class only).</returns>
    public static Figure? Of(CellSet cells, string name = "precision-recall")
    {
        var categories = RocPlot.Defined(cells);
        List<ChartSeries> series = [];
        var (style, most) = (0, 0);
        foreach (var contender in cells.Contenders)
        {
            var seeds = RocPlot.Complete(cells.Of(contender), categories);
            if (categories == 0 || seeds.Count == 0)
                continue;
            var curves = seeds.Select(seed => seed.Select(ranking => ranking.PrecisionRecall()!).ToList()).ToList();
            var precision = Estimate.Of([.. seeds.Select(seed => seed.Average(ranking => ranking.AveragePrecision!.Value))]);
            series.AddRange(CurveMean.Of(
                $"{contender.Title}: {CurveMean.Text(precision)}",
                style++,
                CurveMean.Places(1.0 / Places, 1, Places),
                [.. curves.Select(seed => (Func<double, double>)(recall => seed.Average(curve => At(curve, recall))))]));
            most = Math.Max(most, seeds.Count);
        }
        if (series.Count == 0)
            return null;
        var lowest = series.SelectMany(s => s.Points).Min(point => point.Y);
        return Figure.Of(new Chart(
            name,
            $"Precision against recall over the test images of {RocPlot.Subject(cells, categories)}{(categories > 1 ? ", averaged over categories at equal recall" : "")}."
                + CurveMean.Reading(most),
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
