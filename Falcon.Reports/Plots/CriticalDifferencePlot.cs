using System.Globalization;
using Falcon.Metrics;
using Falcon.Protocol;

namespace Falcon.Reports;

/// <summary>The mean ranks of methods over categories, with thick lines that join those which do not differ by the test of Nemenyi (critical-difference
/// diagram of Demšar, JMLR 2006).</summary>
public static class CriticalDifferencePlot
{
    // Heights in units of 0.55 cm: of a row without its text, and of a line of text.
    private const double Unit = 0.55, RowHeight = 0.5, LineHeight = 0.65;
    private const double Level = 0.05;

    // In centimetres: what the figure's margins leave, what stays free beside a label, and how far apart the numbers of ranks are.
    private const double Width = ChartDrawing.Centimetres - 0.25, Gap = 0.2, NumberWidth = 0.5;
    private const double WidestMargin = 0.36;

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
            .Select(row => (IReadOnlyList<double>)[.. row.Select(value => metric.LowerIsBetter ? -value!.Mean : value!.Mean)])
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
        List<string> labels = [.. order.Select(m => $"{names[m]} {test.MeanRanks[m].ToString("F2", CultureInfo.InvariantCulture)}")];
        List<double> inside = [.. order.Select((m, i) => i < left ? test.MeanRanks[m] - 1 : methods - test.MeanRanks[m])];
        var margin = labels.Zip(inside, (label, ranks) => Room(label, ranks, methods - 1)).Max();
        var perRank = Width / (methods - 1 + 2 * margin);
        labels = [.. labels.Zip(inside, (label, ranks) => string.Join('\n', TextLines.Of(label, line => Length(line) <= (margin + ranks) * perRank - Gap)))];
        var every = (int)Math.Ceiling(NumberWidth / perRank);
        var (first, last) = (1 - margin, methods + margin);
        var groups = test.Alike(Level);
        var below = -0.55 * groups.Count - 0.4;
        List<ChartSeries> series = [new ChartSeries.Line("", PlotStyle.Ink, [(1, 0), (methods, 0)])];
        for (var rank = 1; rank <= methods; rank++)
            series.Add(new ChartSeries.Line("", PlotStyle.Ink, [(rank, 0), (rank, 0.25)]) { Weight = 0.6 });
        var numbers = Enumerable.Range(1, methods).Where(rank => (rank - 1) % every == 0).ToList();
        series.Add(Words(numbers.Select(rank => ((double)rank, 0.25)), numbers.Select(rank => $"{rank}"), TextSide.Middle));
        // The best method is the first on the left, the worst the first on the right.
        List<double> rows = [below];
        for (var row = 0; row < left; row++)
            rows.Add(rows[row] - RowHeight - LineHeight * Math.Max(TextLines.Count(labels[row]), TextLines.Count(labels[methods - 1 - row])));
        for (var i = 0; i < methods; i++)
        {
            var isLeft = i < left;
            var (rank, y) = (test.MeanRanks[order[i]], rows[1 + (isLeft ? i : methods - 1 - i)]);
            series.Add(new ChartSeries.Line("", PlotStyle.Ink, [(rank, 0), (rank, y), (isLeft ? first : last, y)]) { Weight = 0.5 });
            series.Add(Words([(isLeft ? first : last, y)], [labels[i]], isLeft ? TextSide.Left : TextSide.Right));
        }
        for (var i = 0; i < groups.Count; i++)
        {
            var ranks = groups[i].Select(m => test.MeanRanks[m]).ToList();
            series.Add(new ChartSeries.Line("", 0, [(ranks.Min() - 0.03, -0.55 * (i + 1)), (ranks.Max() + 0.03, -0.55 * (i + 1))]) { Weight = 2.6 });
        }
        series.Add(new ChartSeries.Line("", PlotStyle.Ink, [(1, 1.6), (1, 1.8), (1 + difference, 1.8), (1 + difference, 1.6)]));
        series.Add(Words([(1, 1.8)], [$"critical difference {difference.ToString("F2", CultureInfo.InvariantCulture)}"], TextSide.Left));
        var lowest = rows[^1] - 0.3;
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
            PlotHeight = Unit * (2.9 - lowest) + 0.3,
        });
    }

    // How far the figure must reach beyond the axis, in ranks, so that a label fits beside its rank; longer ones are broken.
    private static double Room(string label, double inside, double span)
    {
        var share = Math.Min(WidestMargin, (Length(label) + Gap) / Width);
        return Math.Max(0.1 * span, (share * span - inside) / (1 - 2 * share));
    }

    // About how long a text is in letters of 8 pt, in centimetres.
    private static double Length(string text) => text.Sum(letter => letter switch
    {
        ' ' or '.' or ',' or '(' or ')' => 0.1,
        >= 'a' and <= 'z' or '-' or '_' => 0.15,
        < '\u0370' => 0.2,
        _ => 0.28,
    });

    private static ChartSeries.Texts Words(IEnumerable<(double, double)> points, IEnumerable<string> words, TextSide side) => new([.. points], [.. words], side);
}
