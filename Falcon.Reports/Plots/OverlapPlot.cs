using Falcon.Metrics;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Per-region overlap against the false-positive rate over pixels (PRO curve): one curve per method and number of shots, averaged over categories,
/// with a band over seeds, and the AUPRO in the legend.</summary>
public static class OverlapPlot
{
    private const int Places = 151;

    /// <summary>Makes the figure.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="pixels">The pixels of a cell, ranked; null where there are no maps. Asked for once per cell, one after the other.</param>
    /// <param name="limit">The false-positive rate up to which the curve is drawn and the area is taken, in (0, 1].</param>
    /// <param name="name">The name of the figure's files.</param>
    /// <returns>Null when no seed has maps of every category.</returns>
    public static Figure? Of(CellSet cells, Func<CellResult, PixelRanking?> pixels, double limit = 0.3, string name = "pro")
    {
        var places = CurveMean.Places(0, limit, Places);
        var drawn = cells.Cells.Select(cell => (Cell: cell, Curve: Sampled(pixels(cell), places, limit))).Where(entry => entry.Curve is not null).ToList();
        var categories = drawn.Select(entry => (entry.Cell.DataSet, entry.Cell.Category)).Distinct().Count();
        List<ChartSeries> series = [];
        var (style, most) = (0, 0);
        foreach (var contender in cells.Contenders)
        {
            var seeds = drawn.Where(entry => entry.Cell.Method == contender.Method && entry.Cell.Protocol.Shots == contender.Shots)
                .GroupBy(entry => entry.Cell.Seed).Select(seed => seed.Select(entry => entry.Curve!.Value).ToList()).Where(seed => seed.Count == categories).ToList();
            if (seeds.Count == 0)
                continue;
            var aupro = Estimate.Of([.. seeds.Select(seed => seed.Average(curve => curve.Aupro))]);
            var values = seeds.Select(seed => places.Select((_, i) => seed.Average(curve => curve.Overlaps[i])).ToArray());
            series.AddRange(CurveMean.Of(
                $"{contender.Title}: {CurveMean.Text(aupro)}",
                style++,
                places,
                [.. values.Select(seed => (Func<double, double>)(rate => seed[(int)Math.Round(rate / limit * (Places - 1))]))]));
            most = Math.Max(most, seeds.Count);
        }
        var title = Metric.Aupro(limit).Title;
        return series.Count == 0 ? null : Figure.Of(new Chart(
            name,
            $"Overlap averaged over 8-connected regions against the false-positive rate over normal pixels, test images of {RocPlot.Subject(cells, categories)}."
                + CurveMean.Reading(most),
            new ChartAxis("False-positive rate over pixels", 0, limit),
            new ChartAxis("Per-region overlap", 0, 1.005) { Step = 0.2 },
            series)
        {
            PlotHeight = 6.4,
            KeyTitle = $"{title} in percent",
        });
    }

    private static (double[] Overlaps, double Aupro)? Sampled(PixelRanking? ranking, IReadOnlyList<double> places, double limit) =>
        ranking?.RegionOverlapCurve() is { } curve ? ([.. places.Select(curve.At)], ranking.Aupro(limit)!.Value) : null;
}
