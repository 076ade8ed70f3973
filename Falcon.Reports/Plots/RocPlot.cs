using Falcon.Metrics;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>ROC curves over images: one per method and number of shots, the mean over categories and seeds with a band over seeds, and the AUROC in the
/// legend.</summary>
public static class RocPlot
{
    /// <summary>Makes the figure; contenders without a seed that has every category are left out.</summary>
    /// <returns>Null when there is no curve to draw (all categories of one class only).</returns>
    public static Figure? Of(CellSet cells, BandKind band = BandKind.Range, string name = "roc")
    {
        var categories = Defined(cells);
        var curves = cells.Contenders
            .Select(contender => (contender.Title, Seeds: Complete(cells.Of(contender), categories)))
            .Where(curve => curve.Seeds.Count > 0)
            .ToList();
        if (categories == 0 || curves.Count == 0)
            return null;

        List<ChartSeries> series = [new ChartSeries.Line("", PlotStyle.Guide, [(0, 0), (1, 1)])];
        for (var i = 0; i < curves.Count; i++)
        {
            var (title, seeds) = curves[i];
            var points = RocBand.Of([.. seeds.Select(seed => seed.Select(ranking => ranking.Roc()!).ToList())], band).Points;
            if (seeds.Count > 1)
                series.Add(new ChartSeries.Area("", i, [.. points.Select(p => (p.FalsePositiveRate, p.Low)), .. points.Reverse().Select(p => (p.FalsePositiveRate, p.High))]));
            var auroc = Estimate.Of([.. seeds.Select(seed => seed.Average(ranking => ranking.Auroc!.Value))]);
            series.Add(new ChartSeries.Line($"{title}: {CurveMean.Text(auroc)}", i, [.. points.Select(p => (p.FalsePositiveRate, p.Mean))]));
        }
        return Figure.Of(new Chart(
            name,
            Caption(cells, categories, [.. curves.Select(curve => curve.Seeds.Count)], band),
            new ChartAxis("False-positive rate", 0, 1) { Step = 0.2 },
            new ChartAxis("True-positive rate", 0, 1.005) { Step = 0.2 },
            series)
        {
            PlotHeight = 7.6,
            IsSquare = true,
            KeyTitle = "AUROC in percent",
        });
    }

    /// <summary>The number of categories that have images of both classes.</summary>
    internal static int Defined(CellSet cells) =>
        cells.Cells.Where(cell => cell.Ranking().IsDefined).Select(cell => (cell.DataSet, cell.Category)).Distinct().Count();

    /// <summary>The rankings of those seeds that have every category.</summary>
    internal static List<List<ImageRanking>> Complete(IReadOnlyList<CellResult> cells, int categories) =>
        [.. cells.GroupBy(cell => cell.Seed).Select(seed => seed.Select(cell => cell.Ranking()).Where(r => r.IsDefined).ToList()).Where(seed => seed.Count == categories)];

    /// <summary>What curves are of, for captions.</summary>
    internal static string Subject(CellSet cells, int categories) =>
        categories > 1 ? $"the {categories} categories of {string.Join(", ", cells.DataSets)}" : string.Join(", ", cells.Cells.Select(c => c.Category).Distinct());

    private static string Caption(CellSet cells, int categories, IReadOnlyList<int> seeds, BandKind band)
    {
        var spread = band == BandKind.Range ? "from the lowest to the highest seed" : "one standard deviation to either side";
        return $"ROC curves over the test images of {Subject(cells, categories)}{(categories > 1 ? ", averaged vertically over categories" : "")}."
            + (seeds.Max() > 1 ? $" Mean over {(seeds.Min() < seeds.Max() ? "up to " : "")}{seeds.Max()} seeds; the band spans {spread}." : "");
    }
}
