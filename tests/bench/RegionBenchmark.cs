using System.Diagnostics;
using Falcon.Detection;
using Falcon.Randomness;

namespace Falcon.Bench;

/// <summary>How long the regions of a map of one megapixel take, on one thread.</summary>
/// <param name="MedianSeconds">By the kind of map.</param>
public sealed record RegionBenchmark(IReadOnlyDictionary<string, double> MedianSeconds)
{
    private const int Side = 1024, WarmUp = 200;

    /// <summary>Searches the same maps over and over: one with a few blurred defects, one that is anomalous throughout, one of blurred noise with hundreds of regions.</summary>
    /// <param name="rounds">How often.</param>
    public static RegionBenchmark Run(int rounds)
    {
        var random = new MasterSeed(0).Stream("benchmark", "regions");
        var defects = Map(Enumerable.Range(0, 8).Select(_ => (random.NextDouble(), random.NextDouble(), 0.01 + 0.05 * random.NextDouble())).ToArray());
        var waves = Enumerable.Range(0, 30).Select(_ => (X: 200 * random.NextDouble(), Y: 200 * random.NextDouble(), Phase: 6 * random.NextDouble())).ToArray();
        return new(new Dictionary<string, double>
        {
            ["eight defects"] = Measure(defects, 0.3),
            ["anomalous throughout"] = Measure(defects, -1),
            ["hundreds of regions"] = Measure(Of((x, y) => waves.Average(wave => Math.Sin(wave.X * x + wave.Y * y + wave.Phase))), 0.15),
        });

        double Measure(AnomalyMap map, double threshold)
        {
            var search = new RegionSearch(threshold);
            var times = new List<double>();
            for (var round = 0; round < WarmUp + rounds; round++)
            {
                var started = Stopwatch.GetTimestamp();
                search.In(map);
                if (round >= WarmUp)
                    times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            }
            return StepBenchmark.Median(times);
        }
    }

    private static AnomalyMap Map((double X, double Y, double Radius)[] defects) => Of((x, y) => defects.Max(defect =>
        0.1 + Math.Exp(-((x - defect.X) * (x - defect.X) + (y - defect.Y) * (y - defect.Y)) / (2 * defect.Radius * defect.Radius))));

    private static AnomalyMap Of(Func<double, double, double> value) =>
        new([.. Enumerable.Range(0, Side * Side).Select(i => (float)value((double)(i % Side) / Side, (double)(i / Side) / Side))], Side, Side);
}
