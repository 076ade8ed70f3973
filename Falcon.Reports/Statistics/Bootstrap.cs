using Falcon.Metrics;
using Falcon.Randomness;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Confidence intervals by resampling (Efron's percentile method): within every stratum as many items are drawn, with replacement, as there are.</summary>
public static class Bootstrap
{
    /// <summary>The interval of a statistic of items.</summary>
    /// <param name="items">At least one.</param>
    /// <param name="stratum">Items of equal strata are drawn from one another only, so that each resample has the same classes.</param>
    /// <param name="statistic">Computed on each resample.</param>
    /// <param name="seed">Equal seeds give equal intervals, from the stream <c>bootstrap</c>.</param>
    /// <param name="resamples">How many resamples to draw; a thousand at least for 95 %.</param>
    /// <param name="confidence">In (0, 1).</param>
    public static Interval Of<T, TStratum>(
        IReadOnlyList<T> items,
        Func<T, TStratum> stratum,
        Func<IReadOnlyList<T>, double> statistic,
        MasterSeed seed,
        int resamples = 2000,
        double confidence = 0.95)
    {
        ArgumentOutOfRangeException.ThrowIfZero(items.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(confidence);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(confidence, 1);
        var strata = items.GroupBy(stratum).Select(same => same.ToArray()).ToList();
        var stream = seed.Stream("bootstrap");
        var drawn = new T[items.Count];
        var values = new double[resamples];
        for (var i = 0; i < resamples; i++)
        {
            var next = 0;
            foreach (var same in strata)
            {
                for (var k = 0; k < same.Length; k++)
                    drawn[next++] = same[stream.NextInt(0, same.Length - 1)];
            }
            values[i] = statistic(drawn);
        }
        Array.Sort(values);
        return new Interval(Quantile(values, (1 - confidence) / 2), Quantile(values, (1 + confidence) / 2), confidence);
    }

    /// <summary>The interval of an image metric of one cell over its test images, normal and anomalous ones drawn apart.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="metric">One that does not need maps.</param>
    /// <param name="seed">Equal seeds give equal intervals.</param>
    /// <param name="resamples">How many resamples to draw.</param>
    /// <param name="confidence">In (0, 1).</param>
    /// <returns>Null where the metric is undefined.</returns>
    public static Interval? Of(CellResult cell, Metric metric, MasterSeed seed, int resamples = 2000, double confidence = 0.95)
    {
        if (metric.NeedsMaps)
            throw new ArgumentException("An image metric is needed: pixels of one image are not drawn independently.", nameof(metric));
        return cell.Ranking().IsDefined
            ? Of(cell.Images, image => image.IsAnomalous, images => metric.Of((cell with { Images = images }).Ranking())!.Value, seed, resamples, confidence)
            : null;
    }

    // Linear between the order statistics, as most programs do.
    private static double Quantile(double[] ascending, double share)
    {
        var place = share * (ascending.Length - 1);
        var below = (int)place;
        return below + 1 < ascending.Length ? double.Lerp(ascending[below], ascending[below + 1], place - below) : ascending[^1];
    }
}
