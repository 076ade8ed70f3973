using System.Diagnostics;
using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Bench;

/// <summary>How many images a second a method scores, from the normalised image to the map.</summary>
/// <param name="ImagesPerSecond">Median by batch size.</param>
public sealed record PredictBenchmark(IReadOnlyDictionary<int, double> ImagesPerSecond)
{
    private const int WarmUp = 2;

    /// <summary>Scores one picture over and over.</summary>
    /// <param name="options">The method.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="batchSizes">Batch sizes to measure, for example 1 and 16.</param>
    /// <param name="rounds">Batches to measure for each size.</param>
    public static PredictBenchmark Run(MethodOptions options, Teacher teacher, IReadOnlyList<int> batchSizes, int rounds) =>
        new(batchSizes.ToDictionary(size => size, size => size / StepBenchmark.Median(Times(options, teacher, size, rounds))));

    /// <summary>Wall times of batches, in seconds.</summary>
    internal static IReadOnlyList<double> Times(MethodOptions options, Teacher teacher, int batchSize, int rounds)
    {
        using var network = options.CreateNetwork(teacher, new MasterSeed(0));
        if (!options.Plan.TakesSteps)
            Fit(options, network);
        network.Train(false);
        return Measure(network, options, batchSize, rounds);
    }

    /// <summary>Without steps a method has nothing to measure before it has seen images.</summary>
    private static void Fit(MethodOptions options, AnomalyNetwork network)
    {
        var pixels = BenchmarkImages.Batch(options.Preprocessing, StepBenchmark.FittedImages);
        using var images = TrainingImages.Of(options.TrainingNeeds, network.Teacher, pixels, BenchmarkImages.Names(StepBenchmark.FittedImages));
        network.Learn(options.Plan, images, new MasterSeed(0));
    }

    private static List<double> Measure(AnomalyNetwork network, MethodOptions options, int batchSize, int rounds)
    {
        using var images = BenchmarkImages.Batch(options.Preprocessing, batchSize);
        var times = new List<double>();
        for (var round = 0; round < WarmUp + rounds; round++)
        {
            using var scope = NewDisposeScope();
            var started = Stopwatch.GetTimestamp();
            network.Map(images);
            if (round >= WarmUp)
                times.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        return times;
    }
}
