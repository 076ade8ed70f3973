namespace Falcon.Metrics;

/// <summary>A receiver operating characteristic: straight lines between points that climb from (0, 0) to (1, 1) as the threshold falls.</summary>
/// <param name="FalsePositiveRates">The share of normal items called anomalous, from 0 to 1, ascending.</param>
/// <param name="TruePositiveRates">The share of anomalous items called so, from 0 to 1, ascending.</param>
/// <param name="Thresholds">At each point, the score from which on an item is called anomalous; infinity at (0, 0).</param>
public sealed record RocCurve(IReadOnlyList<double> FalsePositiveRates, IReadOnlyList<double> TruePositiveRates, IReadOnlyList<double> Thresholds)
{
    /// <summary>The curve as its lowest and its highest true-positive rate at one false-positive rate; the two differ where the curve is vertical.</summary>
    /// <param name="falsePositiveRate">In [0, 1].</param>
    public (double Low, double High) At(double falsePositiveRate)
    {
        var x = FalsePositiveRates;
        var first = 0;
        while (x[first] < falsePositiveRate)
            first++;
        var last = first;
        while (last + 1 < x.Count && x[last + 1] == falsePositiveRate)
            last++;
        if (x[first] == falsePositiveRate)
            return (TruePositiveRates[first], TruePositiveRates[last]);
        var share = (falsePositiveRate - x[first - 1]) / (x[first] - x[first - 1]);
        var between = double.Lerp(TruePositiveRates[first - 1], TruePositiveRates[first], share);
        return (between, between);
    }

    internal static RocCurve Of(Ranking ranking, bool dropCollinear)
    {
        var points = new List<(long False, long True, double Threshold)> { (0, 0, double.PositiveInfinity) };
        foreach (var (score, positives, negatives) in ranking.Groups)
        {
            var next = (False: points[^1].False + negatives, True: points[^1].True + positives, score);
            if (dropCollinear && points.Count > 1 && AreCollinear(points[^2], points[^1], next))
                points.RemoveAt(points.Count - 1);
            points.Add(next);
        }
        return new RocCurve(
            [.. points.Select(p => (double)p.False / ranking.Negatives)],
            [.. points.Select(p => (double)p.True / ranking.Positives)],
            [.. points.Select(p => p.Threshold)]);
    }

    private static bool AreCollinear((long X, long Y, double) a, (long X, long Y, double) b, (long X, long Y, double) c) =>
        (Int128)(b.X - a.X) * (c.Y - b.Y) == (Int128)(b.Y - a.Y) * (c.X - b.X);
}
