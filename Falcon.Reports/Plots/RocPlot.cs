using System.Text;
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
        var categories = cells.Cells.Where(cell => cell.Ranking().IsDefined).Select(cell => (cell.DataSet, cell.Category)).Distinct().Count();
        var curves = cells.Contenders
            .Select(contender => (contender.Title, Seeds: Complete(cells.Of(contender), categories)))
            .Where(curve => curve.Seeds.Count > 0)
            .ToList();
        if (categories == 0 || curves.Count == 0)
            return null;

        var data = new StringBuilder("# For each curve the mean, then the outline of its band: false-positive rate, true-positive rate\n");
        List<string> plot = ["x with lines linewidth 0.6 dashtype (2,4) linecolor rgb \"#999999\" notitle"];
        for (var i = 0; i < curves.Count; i++)
        {
            var (title, seeds) = curves[i];
            var points = RocBand.Of([.. seeds.Select(seed => seed.Select(ranking => ranking.Roc()!).ToList())], band).Points;
            AppendBlock(data, title, points.Select(p => (p.FalsePositiveRate, p.Mean)));
            var upper = points.Reverse().Select(p => (p.FalsePositiveRate, p.High));
            AppendBlock(data, $"{title}, band", points.Select(p => (p.FalsePositiveRate, p.Low)).Concat(upper));
            if (seeds.Count > 1)
                plot.Add($"data index {2 * i + 1} using 1:2 with filledcurves closed fillstyle transparent solid 0.15 noborder linecolor rgb \"{PlotStyle.Colour(i)}\" notitle");
            plot.Add($"data index {2 * i} using 1:2 with lines linewidth 1.6 dashtype {PlotStyle.Dash(i)} linecolor rgb \"{PlotStyle.Colour(i)}\" "
                + $"title {PlotStyle.Quoted($"{title}: {AurocText(seeds)}")}");
        }
        return new Figure(name, Caption(cells, categories, [.. curves.Select(curve => curve.Seeds.Count)], band), PlotStyle.Script(name, Settings, plot), data.ToString());
    }

    private static IEnumerable<string> Settings =>
    [
        "set size ratio 1",
        "set xrange [0:1]",
        "set yrange [0:1.005]",
        "set xtics 0.2",
        "set ytics 0.2",
        "set xlabel \"False-positive rate\"",
        "set ylabel \"True-positive rate\"",
        "set key bottom right title \"AUROC in percent\" Left reverse",
    ];

    private static List<List<ImageRanking>> Complete(IReadOnlyList<CellResult> cells, int categories) =>
        [.. cells.GroupBy(cell => cell.Seed).Select(seed => seed.Select(cell => cell.Ranking()).Where(r => r.IsDefined).ToList()).Where(seed => seed.Count == categories)];

    private static string AurocText(List<List<ImageRanking>> seeds)
    {
        var estimate = Estimate.Of([.. seeds.Select(seed => seed.Average(ranking => ranking.Auroc!.Value))]);
        return estimate.StandardDeviationText is { } deviation ? $"{estimate.MeanText} ± {deviation}" : estimate.MeanText;
    }

    // Two blank lines part the blocks that gnuplot calls indices.
    private static void AppendBlock(StringBuilder data, string title, IEnumerable<(double X, double Y)> points)
    {
        data.Append($"# {title}\n");
        foreach (var (x, y) in points)
            data.Append($"{PlotStyle.Number(x)} {PlotStyle.Number(y)}\n");
        data.Append("\n\n");
    }

    private static string Caption(CellSet cells, int categories, IReadOnlyList<int> seeds, BandKind band)
    {
        var of = categories > 1 ? $"the {categories} categories of {string.Join(", ", cells.DataSets)}" : string.Join(", ", cells.Cells.Select(c => c.Category).Distinct());
        var spread = band == BandKind.Range ? "from the lowest to the highest seed" : "one standard deviation to either side";
        return $"ROC curves over the test images of {of}{(categories > 1 ? ", averaged vertically over categories" : "")}."
            + (seeds.Max() > 1 ? $" Mean over {(seeds.Min() < seeds.Max() ? "up to " : "")}{seeds.Max()} seeds; the band spans {spread}." : "");
    }
}
