using Falcon.Methods;
using Falcon.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays a training recipe on one batch: three steps, the losses before each and after the last, the weights after the third.</summary>
/// <param name="fixture">Stores <c>R.losses</c> and <c>R.after3.*</c> of recipes R.</param>
/// <param name="run">The training, of a network in training mode.</param>
/// <param name="batch">Indices of the images of every step.</param>
internal sealed class RecipeReplay(ParityFixture fixture, DistillationTraining run, int[] batch)
{
    private const int Steps = 3, StepsOfCycle = 100;

    /// <summary>The largest relative error of losses.</summary>
    public double Tolerance { get; init; } = 1e-3;

    /// <summary>The largest root mean square difference of weights, usually half the learning rate.</summary>
    public required double WeightTolerance { get; init; }

    /// <summary>The largest relative error of running means and variances.</summary>
    public double StatisticsTolerance { get; init; } = 5e-3;

    /// <summary>The loss that is stored.</summary>
    public string Loss { get; init; } = "loss";

    /// <summary>The losses of every step, columns by name.</summary>
    public List<IReadOnlyDictionary<string, double>> Losses { get; } = [];

    /// <summary>Runs the recipe and compares.</summary>
    /// <param name="recipe">R.</param>
    /// <param name="modules">The trained modules with what stands before their names in <c>R.after3.</c>.</param>
    public List<ParityResult> Replay(string recipe, params (string Prefix, nn.Module Module)[] modules)
    {
        for (var step = 0; step < Steps; step++)
            Losses.Add(run.Step(Moment(step), batch, new()).ToDictionary());
        var results = new List<ParityResult>();
        var entries = modules.SelectMany(part => part.Module.state_dict().Select(e => (part.Prefix + e.Key, e.Value))).ToDictionary();
        foreach (var name in fixture.Below($"{recipe}.after3."))
            results.AddRange(IsStatistic(name)
                ? fixture.Compare($"{recipe}.after3.{name}", entries[name], StatisticsTolerance)
                : fixture.CompareTrained($"{recipe}.after3.{name}", entries[name], WeightTolerance));

        using var frozen = no_grad();
        Losses.Add(run.Losses(Moment(Steps), batch).ToDictionary(loss => loss.Name, loss => loss.Value.ToDouble()));
        results.AddRange(fixture.Compare($"{recipe}.losses", Column(Loss), Tolerance));
        return results;
    }

    /// <summary>One loss of every step.</summary>
    public Tensor Column(string loss) => tensor(Losses.Select(losses => losses[loss]).ToArray(), ScalarType.Float64);

    private static bool IsStatistic(string name) => name.EndsWith("running_mean", StringComparison.Ordinal) || name.EndsWith("running_var", StringComparison.Ordinal);

    private static TrainingMoment Moment(int step) => new(0, 1, step, StepsOfCycle);
}
