using System.Runtime.Intrinsics.X86;
using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Bench;

/// <summary>How much longer a method takes than its convolutions and linear layers alone.</summary>
/// <param name="Step">A training step; null for methods that take none.</param>
/// <param name="Prediction">A prediction with batch 1, from the normalised image to the map.</param>
public sealed record FloorBenchmark(FloorBenchmark.Part? Step, FloorBenchmark.Part Prediction)
{
    /// <summary>A step or a prediction.</summary>
    /// <param name="GigaFlop">Counted in the layers that are called, in 10⁹.</param>
    /// <param name="Floor">The layers alone, each the fastest of some calls, in seconds.</param>
    /// <param name="FloorOfBFloat16">As above, in numbers of half the size; null where the processor has no instructions for them, and each call would take minutes.</param>
    /// <param name="Median">The whole, in seconds.</param>
    /// <param name="Fastest">The whole, in seconds.</param>
    /// <param name="Layers">The kinds of layers: how often each is called and how long it takes alone, in seconds.</param>
    public sealed record Part(
        double GigaFlop, double Floor, double? FloorOfBFloat16, double Median, double Fastest, IReadOnlyList<(LayerShape Shape, int Calls, double Seconds)> Layers)
    {
        /// <summary>The fastest whole in units of the floor.</summary>
        public double Multiple => Fastest / Floor;
    }

    /// <summary>Measures a method.</summary>
    /// <param name="options">The method.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="steps">Steps to measure.</param>
    /// <param name="rounds">Predictions to measure.</param>
    public static FloorBenchmark Run(MethodOptions options, Teacher teacher, int steps, int rounds)
    {
        var seed = new MasterSeed(0);
        using var network = options.CreateNetwork(teacher, seed);
        var modules = network.Parts.Select(part => part.Module).Concat(teacher.Modules).ToArray();
        var count = options.Plan.TakesSteps ? options.BatchSize : StepBenchmark.FittedImages;
        using var images = TrainingImages.Of(options.TrainingNeeds, teacher, BenchmarkImages.Batch(options.Preprocessing, count), BenchmarkImages.Names(count));
        using var run = network.StartTraining(images, seed);
        network.Train(true);
        var step = !options.Plan.TakesSteps ? null : Of(() => StepBenchmark.Run(options, teacher, steps).Seconds, () => run.Step(new(0, 1, 0, 1), [.. Enumerable.Range(0, count)], new StepClock()));
        run.Finish();
        network.Train(false);
        using var image = BenchmarkImages.Batch(options.Preprocessing, 1);
        return new(step, Of(() => PredictBenchmark.Times(options, teacher, batchSize: 1, rounds), () => network.Map(image).Dispose()));

        // What predicts in place of a student that trains is not among the network's parts.
        IEnumerable<nn.Module> Frozen() => network is StpmNetwork { Frozen: IFrozenNetwork frozen } ? frozen.Modules : [];

        // The whole between two measurements of the layers, so that a processor that others slow down for a while slows both.
        Part Of(Func<IReadOnlyList<double>> whole, Action call)
        {
            var called = LayerShape.Of([.. modules, .. Frozen()], call);
            var (before, seconds, after) = (Alone(ScalarType.Float32), whole(), Alone(ScalarType.Float32));
            var alone = called.Select(layer => (Shape: layer.Key, layer.Value.Calls, Seconds: Math.Min(before[layer.Key], after[layer.Key]))).ToArray();
            return new(
                alone.Sum(layer => layer.Calls * layer.Shape.GigaFlop), alone.Sum(layer => layer.Calls * layer.Seconds),
                Avx512BW.IsSupported ? Alone(ScalarType.BFloat16).Sum(layer => called[layer.Key].Calls * layer.Value) : null, StepBenchmark.Median(seconds), seconds.Min(),
                [.. alone.OrderByDescending(layer => layer.Calls * layer.Seconds)]);

            Dictionary<LayerShape, double> Alone(ScalarType numbers) => called.ToDictionary(layer => layer.Key, layer => layer.Value.Alone(numbers));
        }
    }
}
