namespace Falcon.Bench;

/// <summary>Wall times of the same work.</summary>
/// <param name="Median">In seconds.</param>
/// <param name="Percentile95">In seconds: 95 % of the repetitions took no longer.</param>
/// <param name="Fastest">In seconds.</param>
public sealed record RepeatedTime(double Median, double Percentile95, double Fastest)
{
    internal static RepeatedTime Of(IReadOnlyList<double> seconds)
    {
        double[] sorted = [.. seconds.Order()];
        return new(StepBenchmark.Median(sorted), sorted[(int)Math.Ceiling(0.95 * sorted.Length) - 1], sorted[0]);
    }
}
