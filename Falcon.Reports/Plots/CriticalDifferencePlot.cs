using System.Globalization;
using Falcon.Metrics;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>The mean ranks of methods over categories, with thick lines that join those which do not differ by the test of Nemenyi (critical-difference
/// diagram of Demšar, JMLR 2006).</summary>
public static class CriticalDifferencePlot
{
    private const double Level = 0.05;

    /// <summary>Makes the figure from the categories, of all data sets, on which every method with so many shots has a value.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="metric">The metric that is ranked; values are means over seeds.</param>
    /// <param name="shots">How many training images; null takes the largest number.</param>
    /// <param name="name">The name of the figure's files.</param>
    /// <returns>Null with fewer than three methods or two categories.</returns>
    public static Figure? Of(CellSet cells, Metric metric, ShotCount? shots = null, string name = "critical-difference")
    {
        var count = shots ?? cells.Contenders.Max(contender => contender.Shots);
        var contenders = cells.Contenders.Where(contender => contender.Shots == count).ToList();
        var rows = cells.DataSets
            .SelectMany(set => cells.Categories(set).Select(category => contenders.Select(c => cells.Measure(set, category, c, metric).Estimate).ToList()))
            .Where(row => row.TrueForAll(value => value is not null))
            .Select(row => (IReadOnlyList<double>)[.. row.Select(value => value!.Mean)])
            .ToList();
        return contenders.Count < 3 || rows.Count < 2
            ? null
            : Of(FriedmanTest.Of(rows), [.. contenders.Select(c => c.Method.Title)], $"{metric.Title}, {count.Description}", name);
    }

    /// <summary>Makes the figure of a test.</summary>
    /// <param name="test">The ranks.</param>
    /// <param name="names">The methods, in the order of the ranks.</param>
    /// <param name="subject">What was ranked, for the caption.</param>
    /// <param name="name">The name of the figure's files.</param>
    public static Figure Of(FriedmanTest test, IReadOnlyList<string> names, string subject, string name = "critical-difference")
    {
        var (methods, difference) = (names.Count, test.CriticalDifference(Level));
        var order = Enumerable.Range(0, methods).OrderBy(m => test.MeanRanks[m]).ToArray();
        var left = (methods + 1) / 2;
        var margin = Enumerable.Range(0, methods).Max(i => Room(names[order[i]], i < left ? test.MeanRanks[order[i]] - 1 : methods - test.MeanRanks[order[i]], methods - 1));
        var (first, last) = (1 - margin, methods + margin);
        var groups = test.Alike(Level);
        var below = -0.55 * groups.Count - 0.4;
        List<ChartSeries> series = [new ChartSeries.Line("", PlotStyle.Ink, [(1, 0), (methods, 0)])];
        for (var rank = 1; rank <= methods; rank++)
            series.Add(new ChartSeries.Line("", PlotStyle.Ink, [(rank, 0), (rank, 0.25)]) { Weight = 0.6 });
        series.Add(Words(Enumerable.Range(1, methods).Select(rank => ((double)rank, 0.25)), Enumerable.Range(1, methods).Select(rank => $"{rank}"), TextSide.Middle));
        for (var i = 0; i < methods; i++)
        {
            var isLeft = i < left;
            var (rank, y) = (test.MeanRanks[order[i]], below - 1.15 * (isLeft ? i : methods - 1 - i) - 0.6);
            series.Add(new ChartSeries.Line("", PlotStyle.Ink, [(rank, 0), (rank, y), (isLeft ? first : last, y)]) { Weight = 0.5 });
            series.Add(Words([(isLeft ? first : last, y)], [$"{names[order[i]]} {rank.ToString("F2", CultureInfo.InvariantCulture)}"], isLeft ? TextSide.Left : TextSide.Right));
        }
        for (var i = 0; i < groups.Count; i++)
        {
            var ranks = groups[i].Select(m => test.MeanRanks[m]).ToList();
            series.Add(new ChartSeries.Line("", 0, [(ranks.Min() - 0.03, -0.55 * (i + 1)), (ranks.Max() + 0.03, -0.55 * (i + 1))]) { Weight = 2.6 });
        }
        series.Add(new ChartSeries.Line("", PlotStyle.Ink, [(1, 1.6), (1, 1.8), (1 + difference, 1.8), (1 + difference, 1.6)]));
        series.Add(Words([(1, 1.8)], [$"critical difference {difference.ToString("F2", CultureInfo.InvariantCulture)}"], TextSide.Left));
        var lowest = below - 1.15 * (left - 1) - 0.9;
        return Figure.Of(new Chart(
            name,
            string.Create(
                CultureInfo.InvariantCulture,
                $"Mean ranks over {test.DataSets} categories ({subject}; 1 is best). Methods joined by a thick line do not differ at {100 * Level:F0} % (Nemenyi); ")
                + $"over all methods Friedman's test gives {PValue.Relation(test.PValue)}.",
            new ChartAxis("", Math.Min(first, 1 - 0.1), Math.Max(last, 1 + difference)) { IsHidden = true },
            new ChartAxis("", lowest, 2.9) { IsHidden = true },
            series)
        {
            PlotHeight = 0.55 * (2.9 - lowest) + 0.6,
        });
    }

    // How far the figure must reach beyond the axis, in ranks, so that a name fits beside its rank: about 0.16 cm a letter of 8.5 cm.
    private static double Room(string name, double inside, double span)
    {
        var share = Math.Min(0.4, (name.Length + 5) * 0.16 / 8.5);
        return Math.Max(0.1 * span, (share * span - inside) / (1 - 2 * share));
    }

    private static ChartSeries.Texts Words(IEnumerable<(double, double)> points, IEnumerable<string> words, TextSide side) => new([.. points], [.. words], side);
}
