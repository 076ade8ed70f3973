namespace Falcon.Metrics;

/// <summary>Precision against recall, one point per distinct score as the threshold falls.</summary>
/// <param name="Recalls">The share of anomalous items called so, ascending to 1.</param>
/// <param name="Precisions">The share of anomalous items among those called so, in [0, 1].</param>
/// <param name="Thresholds">At each point, the score from which on an item is called anomalous, descending.</param>
public sealed record PrecisionRecallCurve(IReadOnlyList<double> Recalls, IReadOnlyList<double> Precisions, IReadOnlyList<double> Thresholds)
{
    internal static PrecisionRecallCurve Of(Ranking ranking)
    {
        List<double> recalls = [], precisions = [], thresholds = [];
        long truePositives = 0, called = 0;
        foreach (var (score, positives, negatives) in ranking.Groups)
        {
            truePositives += positives;
            called += positives + negatives;
            recalls.Add((double)truePositives / ranking.Positives);
            precisions.Add((double)truePositives / called);
            thresholds.Add(score);
        }
        return new PrecisionRecallCurve(recalls, precisions, thresholds);
    }
}
