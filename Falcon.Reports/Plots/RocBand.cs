using Falcon.Metrics;
using MathNet.Numerics.Statistics;

namespace Falcon.Reports;

/// <summary>ROC curves averaged vertically (Fawcett 2006, section 9.1), exactly: at every false-positive rate at which any of them bends. The area under
/// the mean is the mean of the areas.</summary>
/// <param name="Points">From (0, 0) to (1, 1): false-positive rate, and mean, lowest and highest true-positive rate.</param>
public sealed record RocBand(IReadOnlyList<(double FalsePositiveRate, double Mean, double Low, double High)> Points)
{
    /// <summary>Averages curves.</summary>
    /// <param name="seeds">For each seed the curves of all categories; they are averaged before the band over seeds is taken.</param>
    /// <param name="kind">What the band spans.</param>
    public static RocBand Of(IReadOnlyList<IReadOnlyList<RocCurve>> seeds, BandKind kind)
    {
        List<(double, double Mean, double Low, double High)> points = [];
        foreach (var rate in seeds.SelectMany(curves => curves).SelectMany(curve => curve.FalsePositiveRates).Distinct().Order())
        {
            var limits = seeds.Select(curves => curves.Select(curve => curve.At(rate)).ToList()).ToList();
            var below = Point(rate, [.. limits.Select(curves => curves.Average(limit => limit.Low))], kind);
            var above = Point(rate, [.. limits.Select(curves => curves.Average(limit => limit.High))], kind);
            points.Add(below);
            if (above != below)
                points.Add(above);
        }
        return new RocBand(points);
    }

    private static (double, double, double, double) Point(double rate, double[] heights, BandKind kind)
    {
        var (mean, deviation) = heights.MeanStandardDeviation();
        if (heights.Length == 1)
            return (rate, mean, mean, mean);
        return kind == BandKind.Range
            ? (rate, mean, heights.Min(), heights.Max())
            : (rate, mean, Math.Max(0, mean - deviation), Math.Min(1, mean + deviation));
    }
}
