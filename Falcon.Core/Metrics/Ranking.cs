namespace Falcon.Metrics;

/// <summary>Normal and anomalous items in order of their scores, and what follows from that order alone: AUROC, average precision, the best F1 score
/// and the curves. With items of one class only these are undefined, and null.</summary>
public abstract class Ranking
{
    private Summary? _summary;

    /// <summary>The number of anomalous items.</summary>
    public long Positives { get; private protected init; }

    /// <summary>The number of normal items.</summary>
    public long Negatives { get; private protected init; }

    /// <summary>The items from the highest score down, those of equal score together.</summary>
    public abstract IEnumerable<TieGroup> Groups { get; }

    /// <summary>False with items of one class only: then no ranking metric is defined.</summary>
    public bool IsDefined => Positives > 0 && Negatives > 0;

    /// <summary>Area under the ROC curve in [0, 1]: the chance that an anomalous item scores above a normal one, a tie counting half
    /// (Mann–Whitney U by mid-ranks, counted in whole numbers).</summary>
    public double? Auroc => IsDefined ? Summarised.Auroc : null;

    /// <summary>Average precision in (0, 1]: Σ (Rₙ − Rₙ₋₁)·Pₙ over the distinct scores as thresholds, without interpolation, as scikit-learn's
    /// <c>average_precision_score</c>.</summary>
    public double? AveragePrecision => IsDefined ? Summarised.AveragePrecision : null;

    /// <summary>The best F1 score over the distinct scores as thresholds.</summary>
    public F1Max? F1Max => IsDefined ? Summarised.F1Max : null;

    private Summary Summarised => _summary ??= Summarise();

    /// <summary>The ROC curve.</summary>
    /// <param name="dropCollinear">Leave out points on a straight line between their neighbours; the curve stays the same.</param>
    public RocCurve? Roc(bool dropCollinear = true) => IsDefined ? RocCurve.Of(this, dropCollinear) : null;

    /// <summary>The precision–recall curve.</summary>
    public PrecisionRecallCurve? PrecisionRecall() => IsDefined ? PrecisionRecallCurve.Of(this) : null;

    private Summary Summarise()
    {
        long truePositives = 0, falsePositives = 0;
        var doubledPairs = Int128.Zero;
        var averagePrecision = 0.0;
        var best = new F1Max(0, double.PositiveInfinity);
        foreach (var (score, positives, negatives) in Groups)
        {
            doubledPairs += (Int128)positives * (2 * (Negatives - falsePositives) - negatives);
            truePositives += positives;
            falsePositives += negatives;
            averagePrecision += (double)positives / Positives * ((double)truePositives / (truePositives + falsePositives));
            var f1 = 2.0 * truePositives / (Positives + truePositives + falsePositives);
            if (f1 > best.Value)
                best = new F1Max(f1, score);
        }
        return new Summary((double)doubledPairs / 2 / Positives / Negatives, averagePrecision, best);
    }

    private sealed record Summary(double Auroc, double AveragePrecision, F1Max F1Max);
}
