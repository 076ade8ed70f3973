using System.Diagnostics;
using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Bench;

/// <summary>How long one training step takes; for a method that takes none, how long its fit to five images takes.</summary>
/// <param name="Seconds">Wall time of each step.</param>
/// <param name="Parts">Median wall time of each part of a step, in seconds.</param>
/// <param name="PreparationSeconds">Wall time of what is computed once before the first step.</param>
public sealed record StepBenchmark(IReadOnlyList<double> Seconds, IReadOnlyDictionary<string, double> Parts, double PreparationSeconds)
{
    /// <summary>Median wall time of a step.</summary>
    public double MedianSeconds => Median(Seconds);

    internal const int FittedImages = 5;

    private const int LongestWarmUp = 5;

    /// <summary>Trains on one picture, batch after batch, and takes the time.</summary>
    /// <param name="options">The method.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="steps">Steps to measure.</param>
    public static StepBenchmark Run(MethodOptions options, Teacher teacher, int steps)
    {
        var seed = new MasterSeed(0);
        using var network = options.CreateNetwork(teacher, seed);
        var started = Stopwatch.GetTimestamp();
        var takesSteps = options.Plan.TakesSteps;
        var count = takesSteps ? options.BatchSize : FittedImages;
        using var images = TrainingImages.Of(
            options.TrainingNeeds, teacher, BenchmarkImages.Batch(options.Preprocessing, count), BenchmarkImages.Names(count));
        using var run = network.StartTraining(images, seed);
        var preparation = Stopwatch.GetElapsedTime(started).TotalSeconds;

        network.Train(true);
        int[] batch = [.. Enumerable.Range(0, count)];
        var warmUp = Math.Min(LongestWarmUp, steps);
        var whole = new List<double>();
        var parts = new Dictionary<string, List<double>>();
        for (var step = 0; step < warmUp + steps; step++)
        {
            var clock = new StepClock();
            started = Stopwatch.GetTimestamp();
            if (takesSteps)
                run.Step(new(step, warmUp + steps, 0, 1), batch, clock);
            else
                run.Finish();
            if (step < warmUp)
                continue;
            whole.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            foreach (var (part, time) in clock.Parts)
                (parts.TryGetValue(part, out var times) ? times : parts[part] = []).Add(time.TotalSeconds);
        }
        return new(whole, parts.ToDictionary(p => p.Key, p => Median(p.Value)), preparation);
    }

    internal static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
