using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Losses against epochs: one line per method, number of shots and loss, the mean over categories and seeds with a band from the lowest to the
/// highest.</summary>
public static class TrainingPlot
{
    // What methods call the sum that they descend.
    private const string Total = "loss";

    /// <summary>Makes the figure from those cells that recorded their losses.</summary>
    /// <param name="cells">The cells.</param>
    /// <param name="losses">The names of the losses to show; null takes what each method descends, or its only one, or else the first.</param>
    /// <param name="name">The name of the figure's files.</param>
    /// <param name="hasBands">Whether curves have bands; null draws them for up to four curves.</param>
    /// <returns>Null when no cell did, and when a loss is not above 0, for the axis is logarithmic.</returns>
    public static Figure? Of(CellSet cells, IReadOnlyList<string>? losses = null, string name = "training", bool? hasBands = null)
    {
        var curves = cells.Contenders
            .SelectMany(contender => Shown([.. cells.Of(contender).SelectMany(cell => cell.Losses ?? [])], losses).Select(loss => (Contender: contender, Loss: loss)))
            .ToList();
        var styles = new ContenderStyle(cells);
        var isBanded = CurveMean.HasBands(hasBands, curves.Count);
        List<ChartSeries> series = [];
        foreach (var (contender, loss) in curves)
        {
            var siblings = curves.Where(curve => curve.Contender == contender).ToList();
            var (style, epochs) = (styles.Of(contender), loss.Min(one => one.Values.Count));
            series.AddRange(CurveMean.Of(
                siblings.Count > 1 ? $"{contender.Title}: {Words(loss.Key)}" : contender.Title,
                style with { Dash = style.Dash + siblings.FindIndex(curve => curve.Loss == loss) },
                [.. Enumerable.Range(1, epochs).Select(epoch => (double)epoch)],
                [.. loss.Select(one => (Func<double, double>)(epoch => one.Values[(int)epoch - 1]))],
                isBanded));
        }
        return series.Count == 0 ? null : Figure.Of(new Chart(
            name,
            $"Mean loss of each epoch{(losses is null ? "" : $" ({string.Join(", ", losses.Select(Words))})")}; lines are means over categories and seeds"
                + $"{(isBanded ? ", bands span from the lowest to the highest" : "")}.",
            ChartAxis.OfCounts("Epoch", 1, series.Max(s => s.Points.Max(point => point.X))),
            ChartAxis.Logarithmic("Loss", [.. series.SelectMany(s => s.Points).Select(point => point.Y)]),
            series)
        {
            PlotHeight = 6.4,
        });
    }

    // The chosen losses of one contender that a logarithmic axis can show.
    private static IEnumerable<IGrouping<string, LossCurve>> Shown(IReadOnlyList<LossCurve> all, IReadOnlyList<string>? chosen)
    {
        var known = all.GroupBy(loss => loss.Name).ToList();
        var wanted = chosen ?? [.. known.Select(loss => loss.Key).OrderByDescending(name => name == Total).Take(1)];
        return known.Where(loss => wanted.Contains(loss.Key) && loss.Min(one => one.Values.Count) is >= 2 and var epochs
            && loss.All(one => one.Values.Take(epochs).All(value => value > 0)));
    }

    private static string Words(string loss) => SectionName.Slug(loss).Replace('-', ' ');
}
