using MathNet.Numerics.Distributions;

namespace Falcon.Reports;

/// <summary>The variance of an AUROC without assumptions on the scores, and the difference of two AUROCs on the same images (DeLong, DeLong and
/// Clarke-Pearson, Biometrics 1988, by the mid-ranks of Sun and Xu 2014).</summary>
public sealed class DeLong
{
    private readonly double[] _anomalousPlacements, _normalPlacements;

    private DeLong(double[] anomalous, double[] normal)
    {
        (_anomalousPlacements, _normalPlacements) = (anomalous, normal);
        Auroc = anomalous.Average();
        Variance = Covariance(anomalous, anomalous) / anomalous.Length + Covariance(normal, normal) / normal.Length;
    }

    /// <summary>In [0, 1].</summary>
    public double Auroc { get; }

    /// <summary>The variance of <see cref="Auroc"/> over samples of images.</summary>
    public double Variance { get; }

    /// <summary>Prepares the test of one method.</summary>
    /// <param name="scores">One finite score per image, higher is more anomalous.</param>
    /// <param name="anomalous">For each image, whether it is anomalous; at least two are and two are not.</param>
    /// <exception cref="InvalidInputException">There are fewer than two images of a class, or scores and labels differ in number.</exception>
    public static DeLong Of(IReadOnlyList<double> scores, IReadOnlyList<bool> anomalous)
    {
        if (scores.Count != anomalous.Count)
            throw new InvalidInputException($"there are {scores.Count} scores but {anomalous.Count} labels", "image scores", "Give one label per score.");
        var positives = Enumerable.Range(0, scores.Count).Where(i => anomalous[i]).ToList();
        var negatives = Enumerable.Range(0, scores.Count).Where(i => !anomalous[i]).ToList();
        if (positives.Count < 2 || negatives.Count < 2)
            throw new InvalidInputException(
                $"there are {positives.Count} anomalous and {negatives.Count} normal images", "image scores", "Give at least two of each: one has no variance.");
        var all = MidRanks.Of(scores);
        return new DeLong(Placements(positives, negatives.Count), [.. Placements(negatives, positives.Count).Select(share => 1 - share)]);

        // The share of the other class that each item exceeds, ties counting half.
        double[] Placements(List<int> own, int others)
        {
            var among = MidRanks.Of([.. own.Select(i => scores[i])]);
            return [.. own.Select((item, i) => (all[item] - among[i]) / others)];
        }
    }

    /// <summary>The confidence interval of the AUROC, from the normal distribution, cut at 0 and 1.</summary>
    /// <param name="confidence">In (0, 1).</param>
    public Interval Interval(double confidence = 0.95)
    {
        var reach = Normal.InvCDF(0, 1, (1 + confidence) / 2) * Math.Sqrt(Variance);
        return new Interval(Math.Max(0, Auroc - reach), Math.Min(1, Auroc + reach), confidence);
    }

    /// <summary>Tests whether another method's AUROC on the same images, in the same order, differs.</summary>
    /// <returns>The standardised difference (this one's minus the other's) and the two-sided p-value. Without any difference z is 0 and p is 1.</returns>
    public (double Z, double PValue) CompareWith(DeLong other)
    {
        if (other._anomalousPlacements.Length != _anomalousPlacements.Length || other._normalPlacements.Length != _normalPlacements.Length)
            throw new InvalidInputException("the two methods scored different images", "DeLong test", "Compare scores of the same test images.");
        var shared = Covariance(_anomalousPlacements, other._anomalousPlacements) / _anomalousPlacements.Length
            + Covariance(_normalPlacements, other._normalPlacements) / _normalPlacements.Length;
        var (difference, variance) = (Auroc - other.Auroc, Variance + other.Variance - 2 * shared);
        if (variance <= 1e-15)
            return difference == 0 ? (0, 1) : (Math.Sign(difference) * double.PositiveInfinity, 0);
        var z = difference / Math.Sqrt(variance);
        return (z, 2 * Normal.CDF(0, 1, -Math.Abs(z)));
    }

    private static double Covariance(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        return a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum() / (a.Length - 1);
    }
}
