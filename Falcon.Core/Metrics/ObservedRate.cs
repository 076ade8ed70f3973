using MathNet.Numerics.Distributions;

namespace Falcon.Metrics;

/// <summary>How often something happened.</summary>
/// <param name="Events">How many times it did.</param>
/// <param name="Trials">How many times it could have.</param>
public readonly record struct ObservedRate(int Events, int Trials)
{
    /// <summary>The share, in [0, 1]; not a number without trials.</summary>
    public double Value => (double)Events / Trials;

    /// <summary>The exact confidence interval of Clopper and Pearson (Biometrika 1934), in [0, 1]: the rates under which neither so many nor so few events are rarer than
    /// half of what the confidence leaves.</summary>
    /// <param name="confidence">In (0, 1).</param>
    public (double Low, double High) Interval(double confidence = 0.95)
    {
        var tail = (1 - confidence) / 2;
        return (
            Events == 0 ? 0 : Beta.InvCDF(Events, Trials - Events + 1, tail),
            Events == Trials ? 1 : Beta.InvCDF(Events + 1, Trials - Events, 1 - tail));
    }
}
