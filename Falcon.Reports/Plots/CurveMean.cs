using MathNet.Numerics.Statistics;

namespace Falcon.Reports;

/// <summary>Curves of several seeds as one mean with a band, at the same places of the horizontal axis.</summary>
internal static class CurveMean
{
    private const int MostBands = 4;

    /// <summary>Whether curves have bands: as asked for, else where there are few.</summary>
    public static bool HasBands(bool? asked, int curves) => asked ?? curves <= MostBands;

    /// <summary>The mean as a line and, with more than one seed, the band from the lowest to the highest as an area before it, if there is to be one.</summary>
    /// <param name="title">The name of the line.</param>
    /// <param name="style">Its style.</param>
    /// <param name="places">Where the curves are evaluated, ascending.</param>
    /// <param name="seeds">For each seed its value at a place.</param>
    /// <param name="hasBand">Whether the band is drawn.</param>
    public static IEnumerable<ChartSeries> Of(
        string title, SeriesStyle style, IReadOnlyList<double> places, IReadOnlyList<Func<double, double>> seeds, bool hasBand)
    {
        var values = places.Select(place => seeds.Select(seed => seed(place)).ToArray()).ToList();
        if (hasBand && seeds.Count > 1)
        {
            var low = places.Zip(values, (x, ys) => (x, ys.Min()));
            var high = places.Zip(values, (x, ys) => (x, ys.Max())).Reverse();
            yield return new ChartSeries.Area("", style, [.. low, .. high]);
        }
        yield return new ChartSeries.Line(title, style, [.. places.Zip(values, (x, ys) => (x, ys.Mean()))]);
    }

    /// <summary>Evenly spaced places from one end to the other.</summary>
    public static IReadOnlyList<double> Places(double low, double high, int count) => [.. Enumerable.Range(0, count).Select(i => low + (high - low) * i / (count - 1))];

    /// <summary>What line and band mean, as the end of a caption; empty with one seed.</summary>
    public static string Reading(int seeds, bool hasBands) =>
        seeds > 1 ? $" Mean over {seeds} seeds{(hasBands ? "; the band spans from the lowest to the highest" : "")}." : "";

    /// <summary>Mean and standard deviation in percent.</summary>
    public static string Text(Estimate estimate) => estimate.StandardDeviationText is { } deviation ? $"{estimate.MeanText} ± {deviation}" : estimate.MeanText;
}
