using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>A training recipe on one batch: some steps (three, say), the losses before each and after the last, the weights after the last. Disposes the
/// training.</summary>
/// <param name="fixture">Holds <c>R.losses</c> and <c>R.after3.*</c> of recipes R.</param>
/// <param name="run">The training, of a network in training mode.</param>
/// <param name="images">The images of every step: the first so many.</param>
internal sealed class RecipeReplay(ParityFixture fixture, DistillationTraining run, int images)
{
    private const int StepsOfCycle = 100, RecordedSteps = 1;

    private readonly int[] _batch = [.. Enumerable.Range(0, images)];

    /// <summary>Puts the network into training mode. Weights may be half a learning rate off.</summary>
    public static RecipeReplay Of(ParityFixture fixture, DistillationOptions options, AnomalyNetwork network, TrainingImages images)
    {
        network.Train(true);
        var run = (DistillationTraining)network.StartTraining(images, new MasterSeed(0));
        return new(fixture, run, images.Count) { WeightTolerance = options.LearningRate / 2 };
    }

    /// <summary>The largest relative error of losses.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>The largest root mean square difference of weights.</summary>
    public required double WeightTolerance { get; init; }

    /// <summary>The largest relative error of running means and variances.</summary>
    public double StatisticsTolerance { get; init; } = 5e-3;

    /// <summary>The losses of every step, columns by name.</summary>
    private List<IReadOnlyDictionary<string, double>> Losses { get; } = [];

    /// <summary>Runs the recipe and compares.</summary>
    /// <param name="recipe">R.</param>
    /// <param name="loss">The loss that is stored.</param>
    /// <param name="modules">The trained modules with what stands before their names in <c>R.after3.</c>.</param>
    public RecipeReplay Replay(string recipe, string loss, params (string Prefix, nn.Module Module)[] modules)
    {
        var steps = (int)(fixture.ShapeOf($"{recipe}.losses", [RecordedSteps + 1])?[0] ?? RecordedSteps + 1) - 1;
        using (run)
        {
            for (var step = 0; step < steps; step++)
                Losses.Add(run.Step(Moment(step), _batch, new()).ToDictionary());
            var entries = modules.SelectMany(part => part.Module.state_dict().Select(e => (part.Prefix + e.Key, e.Value)));
            fixture.CheckTrained($"{recipe}.after{steps}.", entries, WeightTolerance, StatisticsTolerance);
            using var frozen = no_grad();
            Losses.Add(run.Losses(Moment(steps), _batch).ToDictionary(named => named.Name, named => named.Value.ToDouble()));
        }
        fixture.Check($"{recipe}.losses", Column(loss), Tolerance);
        return this;
    }

    /// <summary>As above, with the loss that is minimised.</summary>
    public RecipeReplay Replay(string recipe, params (string Prefix, nn.Module Module)[] modules) => Replay(recipe, "loss", modules);

    /// <summary>Compares some losses of every step, one in each column.</summary>
    public void CheckColumns(string name, params string[] losses) => fixture.Check(name, stack(losses.Select(Column), dim: 1), Tolerance);

    /// <summary>One loss of every step.</summary>
    public Tensor Column(string loss) => tensor(Losses.Select(losses => losses[loss]).ToArray(), ScalarType.Float64);

    private static TrainingMoment Moment(int step) => new(0, 1, step, StepsOfCycle);
}
