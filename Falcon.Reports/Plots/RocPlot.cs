using Falcon.Metrics;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>ROC curves over images: one per method and number of shots, the mean over categories and seeds with a band over seeds, and the AUROC in the
/// legend.</summary>
public static class RocPlot
{
    /// <summary>Makes the figure; contenders without a seed that has every category are left out.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="band">What bands span.</param>
    /// <param name="name">The name of the figure's files.</param>
    /// <param name="hasBands">Whether curves have bands; null draws them for up to four curves.</param>
    /// <returns>Null when there is no curve to draw (all categories of one class only).</returns>
    public static Figure? Of(CellSet cells, BandKind band = BandKind.Range, string name = "roc", bool? hasBands = null)
    {
        var categories = Defined(cells);
        var curves = cells.Contenders
            .Select(contender => (Contender: contender, Seeds: Complete(cells.Of(contender), categories)))
            .Where(curve => curve.Seeds.Count > 0)
            .ToList();
        if (categories == 0 || curves.Count == 0)
            return null;

        var styles = new ContenderStyle(cells);
        var isBanded = CurveMean.HasBands(hasBands, curves.Count);
        List<ChartSeries> series = [new ChartSeries.Line("", PlotStyle.Guide, [(0, 0), (1, 1)])];
        foreach (var (contender, seeds) in curves)
        {
            var style = styles.Of(contender);
            var points = RocBand.Of([.. seeds.Select(seed => seed.Select(ranking => ranking.Roc()!).ToList())], band).Points;
            if (seeds.Count > 1 && isBanded)
                series.Add(new ChartSeries.Area("", style, [.. points.Select(p => (p.FalsePositiveRate, p.Low)), .. points.Reverse().Select(p => (p.FalsePositiveRate, p.High))]));
            var auroc = Estimate.Of([.. seeds.Select(seed => seed.Average(ranking => ranking.Auroc!.Value))]);
            series.Add(new ChartSeries.Line($"{contender.Title}: {CurveMean.Text(auroc)}", style, [.. points.Select(p => (p.FalsePositiveRate, p.Mean))]));
        }
        return Figure.Of(new Chart(
            name,
            Caption(cells, categories, [.. curves.Select(curve => curve.Seeds.Count)], isBanded ? band : null),
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

    private static string Caption(CellSet cells, int categories, IReadOnlyList<int> seeds, BandKind? band)
    {
        var spread = band switch
        {
            BandKind.Range => "; the band spans from the lowest to the highest seed",
            BandKind.StandardDeviation => "; the band spans one standard deviation to either side",
            _ => "",
        };
        return $"ROC curves over the test images of {Subject(cells, categories)}{(categories > 1 ? ", averaged vertically over categories" : "")}."
            + (seeds.Max() > 1 ? $" Mean over {(seeds.Min() < seeds.Max() ? "up to " : "")}{seeds.Max()} seeds{spread}." : "");
    }
}
