using MathNet.Numerics.Distributions;

namespace Falcon.Reports;

/// <summary>Whether paired differences lie around zero (Wilcoxon 1945), zero differences counting half to either side (Demšar, JMLR 2006, section 3.1.3).</summary>
/// <param name="Positive">The sum of the ranks of positive differences.</param>
/// <param name="Negative">The sum of the ranks of negative differences.</param>
/// <param name="Count">The number of pairs.</param>
/// <param name="PValue">Two-sided; exact for up to 50 pairs, ties included, else from the normal distribution with the variance of tied ranks.</param>
public sealed record WilcoxonSignedRank(double Positive, double Negative, int Count, double PValue)
{
    private const int MostExact = 50;

    /// <summary>The effect in [−1, 1]: the difference of the two rank sums over their sum (Kerby 2014). Positive when most differences are.</summary>
    public double RankBiserial => Count == 0 ? 0 : (Positive - Negative) / (Positive + Negative);

    /// <summary>Tests differences.</summary>
    /// <param name="differences">One per pair, finite.</param>
    public static WilcoxonSignedRank Of(IReadOnlyList<double> differences)
    {
        var ranks = MidRanks.Of([.. differences.Select(Math.Abs)]);
        double Sum(Func<double, bool> which) => differences.Zip(ranks).Where(pair => which(pair.First)).Sum(pair => pair.Second);
        var (positive, negative, zero) = (Sum(d => d > 0), Sum(d => d < 0), Sum(d => d == 0));
        var signed = differences.Zip(ranks).Where(pair => pair.First != 0).Select(pair => pair.Second).ToList();
        var smaller = Math.Min(positive, negative);
        var p = signed.Count == 0 ? 1 : signed.Count <= MostExact ? Exact(signed, smaller) : Approximate(signed, smaller);
        return new WilcoxonSignedRank(positive + zero / 2, negative + zero / 2, differences.Count, Math.Min(1, p));
    }

    // Ranks are halves, so twice the rank is whole: the number of sign patterns by twice their rank sum.
    private static double Exact(List<double> ranks, double smaller)
    {
        var patterns = new double[(int)Math.Round(2 * ranks.Sum()) + 1];
        patterns[0] = 1;
        foreach (var rank in ranks.Select(rank => (int)Math.Round(2 * rank)))
        {
            for (var sum = patterns.Length - 1; sum >= rank; sum--)
                patterns[sum] += patterns[sum - rank];
        }
        return 2 * patterns.Take((int)Math.Round(2 * smaller) + 1).Sum() / Math.Pow(2, ranks.Count);
    }

    private static double Approximate(List<double> ranks, double smaller)
    {
        var (mean, variance) = (ranks.Sum() / 2, ranks.Sum(rank => rank * rank) / 4);
        return 2 * Normal.CDF(0, 1, (smaller - mean) / Math.Sqrt(variance));
    }
}
