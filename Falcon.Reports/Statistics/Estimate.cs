using System.Globalization;
using MathNet.Numerics.Statistics;

namespace Falcon.Reports;

/// <summary>A fraction measured several times, once per seed.</summary>
/// <param name="Mean">The mean, as a fraction.</param>
/// <param name="StandardDeviation">The sample standard deviation (n − 1 in the denominator); null for a single measurement.</param>
/// <param name="Count">The number of measurements; 0 when others report the mean and do not say.</param>
public sealed record Estimate(double Mean, double? StandardDeviation, int Count)
{
    /// <summary>The mean in percent as every table prints it, with one decimal.</summary>
    public string MeanText => Percent(Mean);

    /// <summary>The standard deviation in percentage points with one decimal; null for a single measurement.</summary>
    public string? StandardDeviationText => StandardDeviation is { } deviation ? Percent(deviation) : null;

    /// <summary>Summarises measurements.</summary>
    /// <param name="fractions">At least one.</param>
    public static Estimate Of(IReadOnlyCollection<double> fractions)
    {
        ArgumentOutOfRangeException.ThrowIfZero(fractions.Count);
        var (mean, deviation) = fractions.MeanStandardDeviation();
        return new Estimate(mean, fractions.Count > 1 ? deviation : null, fractions.Count);
    }

    /// <summary>A fraction in percent with one decimal, as every table and figure prints it.</summary>
    public static string Percent(double fraction) => (100 * fraction).ToString("F1", CultureInfo.InvariantCulture);
}
