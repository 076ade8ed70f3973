using Falcon.Training;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Training on one loss: a method only says what its losses are.</summary>
/// <param name="options">Learning rate and schedule.</param>
/// <param name="optimisers">Over all trained parameters, each with the factor of its learning rate; disposed with this run.</param>
public abstract class DistillationTraining(DistillationOptions options, params IReadOnlyList<(Optimiser Optimiser, double Rate)> optimisers) : TrainingRun
{
    /// <param name="options">Learning rate and schedule.</param>
    /// <param name="optimiser">Over all trained parameters; disposed with this run.</param>
    protected DistillationTraining(DistillationOptions options, Optimiser optimiser) : this(options, (optimiser, 1))
    {
    }

    /// <summary>The name of the loss that is minimised.</summary>
    protected const string Loss = "loss";

    /// <inheritdoc/>
    public override IReadOnlyList<Optimiser> Optimisers => [.. optimisers.Select(each => each.Optimiser)];

    /// <inheritdoc/>
    public override IReadOnlyList<SelectionCriterion> Criteria => [new(Loss)];

    /// <summary>Adam as the options say.</summary>
    public static AdamOptimiser Adam(DistillationOptions options, IEnumerable<Parameter> parameters) =>
        new(parameters, options.Beta1, options.Beta2, options.WeightDecay);

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Step(TrainingMoment moment, ReadOnlySpan<int> batch, StepClock clock)
    {
        using var scope = NewDisposeScope();
        SetRate(moment);
        IReadOnlyList<(string Name, Tensor Value)> losses;
        using (clock.Time("forward"))
            losses = Losses(moment, batch);
        using (clock.Time("backward"))
        {
            foreach (var (optimiser, _) in optimisers)
                optimiser.ZeroGradients();
            Backward(losses[0].Value);
        }
        using (clock.Time("optimiser"))
            foreach (var (optimiser, _) in optimisers)
                optimiser.Step();
        return Read(losses);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(string Name, double Value)> Validate(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        return Read(ValidationLosses(moment, batch));
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        foreach (var (optimiser, _) in optimisers)
            optimiser.Dispose();
    }

    /// <summary>The losses of a batch as scalars, the one to minimise first.</summary>
    /// <param name="moment">Where in the training.</param>
    /// <param name="batch">Indices of the training images.</param>
    public abstract IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch);

    /// <summary>Computes the gradients of the parameters.</summary>
    /// <param name="loss">The first of <see cref="Losses"/>.</param>
    protected virtual void Backward(Tensor loss) => loss.backward();

    /// <summary>What chooses among epochs; the training losses unless a method says otherwise.</summary>
    protected virtual IReadOnlyList<(string Name, Tensor Value)> ValidationLosses(TrainingMoment moment, ReadOnlySpan<int> batch) => Losses(moment, batch);

    private void SetRate(TrainingMoment moment)
    {
        var rate = options.Schedule switch
        {
            RateSchedule.OneCycle => OneCycle.At(moment.Step, moment.Steps, options.LearningRate).LearningRate,
            RateSchedule.Plateau => PlateauDecay.At(options.LearningRate, moment.EpochLosses, patience: 5),
            RateSchedule.LateDrop => options.LearningRate * (moment.Step < (long)(0.95 * moment.Steps) ? 1 : 0.1),
            RateSchedule.TwoFifths => options.LearningRate * (Past(8) ? 0.2 : 1) * (Past(9) ? 0.2 : 1),
            _ => options.LearningRate,
        };
        foreach (var (optimiser, factor) in optimisers)
        {
            optimiser.LearningRate = factor * rate;
            if (options.Schedule == RateSchedule.OneCycle && options.CyclesBeta1 && optimiser is AdamOptimiser adam)
                adam.Beta1 = OneCycle.At(moment.Step, moment.Steps, options.LearningRate).Beta1;
        }

        bool Past(int tenths) => 10L * moment.Epoch >= tenths * (long)moment.Epochs;
    }

    private static List<(string Name, double Value)> Read(IReadOnlyList<(string Name, Tensor Value)> losses)
    {
        var values = stack(losses.Select(loss => loss.Value.detach().reshape([]))).to(ScalarType.Float64).cpu().data<double>().ToArray();
        return [.. losses.Select((loss, i) => (loss.Name, values[i]))];
    }
}
