using System.Globalization;
using MathNet.Numerics.Distributions;

namespace Falcon.Metrics;

/// <summary>The image score that a further good part exceeds with a stated probability, from the scores of a few.</summary>
public static class FalseAlarmLimit
{
    /// <summary>The rate where none is stated.</summary>
    public const double UsualRate = 0.05;

    /// <summary>The smallest rate: smaller ones lie beyond what a distribution's tail can be computed to, and what anybody could ever count.</summary>
    public const double LeastRate = 1e-6;

    /// <summary>With fewer scores their deviation says nothing, and the largest of them is the limit.</summary>
    public const int FewestForInterval = 3;

    /// <summary>The upper end of the one-sided prediction interval of a normal distribution, mean + t·s·√(1 + 1/n) with Student's t of n − 1 degrees of freedom
    /// (Hahn and Meeker, Statistical Intervals, section 4.2); of fewer than three scores the largest. Scores of several models, whose levels differ, deviate from the mean of their own model's
    /// (a degree of freedom less for each); the limit lies above the level of the models that learnt from the most photos, those that gave the fewest scores.</summary>
    /// <param name="scores">Scores of good parts, at least one.</param>
    /// <param name="rate">The probability that a good part exceeds the limit: <see cref="IsRate"/>.</param>
    /// <param name="leastDeviation">A standard deviation that is taken where that of the scores is smaller.</param>
    /// <param name="models">How many models gave the scores, one after another in turn; 1 where all have one level. With fewer than two degrees of freedom they count as one.</param>
    public static double Of(IReadOnlyCollection<double> scores, double rate = UsualRate, double leastDeviation = 0, int models = 1)
    {
        if (scores.Count < FewestForInterval)
            return scores.Max();
        var apart = scores.Count - models < 2 ? 1 : models;
        double[][] levels = [.. scores.Index().GroupBy(score => score.Index % apart, score => score.Item).Select(level => level.ToArray())];
        var (freedom, fewest) = (scores.Count - levels.Length, levels.Min(level => level.Length));
        var deviation = Math.Max(leastDeviation, Math.Sqrt(levels.Sum(SquaredDeviations) / freedom));
        double[] nearest = [.. levels.Where(level => level.Length == fewest).SelectMany(level => level)];
        return nearest.Average() + StudentT.InvCDF(0, 1, freedom, 1 - rate) * deviation * Math.Sqrt(1 + 1.0 / nearest.Length);
    }

    /// <summary>Whether a number is a rate of false alarms that limits are made for: from <see cref="LeastRate"/> to below 0.5.</summary>
    public static bool IsRate(double rate) => rate is >= LeastRate and < 0.5;

    /// <summary>The standard deviation of a sample.</summary>
    /// <param name="scores">At least two.</param>
    internal static double Deviation(IReadOnlyCollection<double> scores) => Math.Sqrt(SquaredDeviations(scores) / (scores.Count - 1));

    private static double SquaredDeviations(IReadOnlyCollection<double> scores)
    {
        var mean = scores.Average();
        return scores.Sum(score => (score - mean) * (score - mean));
    }

    /// <summary>What so few photos cannot promise by themselves, in words: without the assumption of a normal distribution a further good part exceeds the largest of n
    /// scores once in n + 1 times. Null where they promise the rate.</summary>
    public static string? Caution(int scores, double rate)
    {
        var promise = 1.0 / (scores + 1);
        return promise <= rate
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{scores} photos alone cannot promise less than {promise:P0} false alarms; {rate:P1} holds if scores of good parts are normally distributed");
    }
}
