using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;
using MathNet.Numerics.RootFinding;

namespace Falcon.Reports;

/// <summary>The range of several standard normal variables: Tukey's studentized range with infinitely many degrees of freedom.</summary>
internal static class StudentizedRange
{
    private const double Tail = 9;

    /// <summary>The value that the range of <paramref name="count"/> variables stays below with a probability.</summary>
    /// <param name="probability">In (0, 1).</param>
    /// <param name="count">At least 2.</param>
    public static double Quantile(double probability, int count) => Brent.FindRoot(q => Cumulative(q, count) - probability, 1e-6, 30, 1e-12, 500);

    // The largest lies at z, all others within the range below it.
    private static double Cumulative(double range, int count) =>
        count * GaussLegendreRule.Integrate(z => Normal.PDF(0, 1, z) * Math.Pow(Normal.CDF(0, 1, z) - Normal.CDF(0, 1, z - range), count - 1), -Tail, Tail, 256);
}
