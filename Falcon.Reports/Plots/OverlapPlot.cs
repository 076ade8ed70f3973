using Falcon.Metrics;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Per-region overlap against the false-positive rate over pixels (PRO curve): one curve per method and number of shots, averaged over categories,
/// with a band over seeds, and the AUPRO in the legend.</summary>
public static class OverlapPlot
{
    /// <summary>Makes the figure.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="curves">The curve of a cell up to the limit; null where there are no maps. Asked for once per cell, one after the other.</param>
    /// <param name="limit">The false-positive rate up to which the curve is drawn and the area is taken, in (0, 1].</param>
    /// <param name="name">The name of the figure's files.</param>
    /// <param name="hasBands">Whether curves have bands; null draws them for up to four curves.</param>
    /// <returns>Null when no seed has maps of every category.</returns>
    public static Figure? Of(CellSet cells, Func<CellResult, CellOverlap?> curves, double limit = 0.3, string name = "pro", bool? hasBands = null)
    {
        var places = CellOverlap.Places(limit);
        var drawn = cells.Cells.Select(cell => (Cell: cell, Curve: curves(cell))).Where(entry => entry.Curve is not null).ToList();
        var categories = drawn.Select(entry => (entry.Cell.DataSet, entry.Cell.Category)).Distinct().Count();
        var contenders = cells.Contenders.Select(contender => (
            Contender: contender,
            Seeds: drawn.Where(entry => entry.Cell.Method == contender.Method && entry.Cell.Protocol.Shots == contender.Shots)
                .GroupBy(entry => entry.Cell.Seed).Select(seed => seed.Select(entry => entry.Curve!).ToList()).Where(seed => seed.Count == categories).ToList()))
            .Where(entry => entry.Seeds.Count > 0).ToList();
        var styles = new ContenderStyle(cells);
        var isBanded = CurveMean.HasBands(hasBands, contenders.Count);
        List<ChartSeries> series = [];
        foreach (var (contender, seeds) in contenders)
        {
            var aupro = Estimate.Of([.. seeds.Select(seed => seed.Average(curve => curve.Aupro))]);
            var values = seeds.Select(seed => places.Select((_, i) => seed.Average(curve => curve.Overlaps[i])).ToArray());
            series.AddRange(CurveMean.Of(
                $"{contender.Title}: {CurveMean.Text(aupro)}",
                styles.Of(contender),
                places,
                [.. values.Select(seed => (Func<double, double>)(rate => seed[(int)Math.Round(rate / limit * (places.Count - 1))]))],
                isBanded));
        }
        var title = Metric.Aupro(limit).Title;
        return series.Count == 0 ? null : Figure.Of(new Chart(
            name,
            $"Overlap averaged over 8-connected regions against the false-positive rate over normal pixels, test images of {RocPlot.Subject(cells, categories)}."
                + CurveMean.Reading(contenders.Max(entry => entry.Seeds.Count), isBanded),
            new ChartAxis("False-positive rate over pixels", 0, limit),
            new ChartAxis("Per-region overlap", 0, 1.005) { Step = 0.2 },
            series)
        {
            PlotHeight = 6.4,
            KeyTitle = $"{title} in percent",
        });
    }
}
