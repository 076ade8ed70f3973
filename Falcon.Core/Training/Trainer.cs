using Falcon.Randomness;

namespace Falcon.Training;

/// <summary>The one training loop: epochs, shuffling, batches, images held out, choice of weights, checkpoints, progress and cancellation, the same for every
/// method.</summary>
public static class Trainer
{
    private const int ValidationBatch = 8;

    /// <summary>Trains a network in place and leaves it in evaluation mode.</summary>
    /// <param name="plan">What to do.</param>
    /// <param name="network">The network.</param>
    /// <param name="images">The number of images.</param>
    /// <param name="start">Prepares the training, once it is known which images are trained on and which are held out.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="checkpoint">Continues an interrupted training, with the same result to the bit as without the interruption; null to start anew and to
    /// leave nothing when interrupted.</param>
    /// <param name="progress">Told at the start and after each epoch.</param>
    /// <param name="cancellation">Looked at before each step, where a checkpoint is written first, and by <see cref="TrainingRun.Finish"/>.</param>
    /// <returns>The mean losses of each epoch, in order; those on images held out have names that begin with <c>validation.</c>.</returns>
    /// <exception cref="InvalidInputException">A loss is not finite; the network is unusable.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the network is unusable.</exception>
    public static IReadOnlyList<IReadOnlyList<(string Name, double Value)>> Train(
        TrainingPlan plan, TrainableNetwork network, int images, Func<TrainingSplit, TrainingRun> start, MasterSeed seed, TrainingCheckpoint? checkpoint = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        var split = TrainingSplit.Of(images, plan.ValidationShare, seed);
        using var run = start(split);
        using var selection = new WeightSelection(plan.Checkpoint, network, run.Criteria);
        var restored = checkpoint?.Restore(network, run, selection);
        var state = restored ?? TrainingState.Start;
        var steps = plan.StepsPerEpoch(split.Training.Count);
        var epochs = plan.Passes(steps);
        var clock = new StepClock();
        Report(state, checkpoint?.Refusal, restored is null ? null : new(state.Epoch, epochs, Moment().Step, Moment().Steps));
        while (state.Epoch < epochs && !plan.HasEnough(EpochLosses()))
        {
            network.Train(state.Epoch == 0 || !plan.FreezesBatchNorm);
            foreach (var batch in Order(split.Training, seed, state.Epoch).Chunk(plan.BatchSize).Skip(state.StepOfEpoch))
            {
                if (cancellation.IsCancellationRequested || checkpoint?.IsDue(Moment()) == true)
                    checkpoint?.Save(network, run, selection, state, Moment());
                cancellation.ThrowIfCancellationRequested();
                if (Moment().Step >= Moment().Steps)
                    break;
                state.Losses.Add(Finite(run.Step(Moment(), batch, clock)), batch.Length);
                state = state with { StepOfEpoch = state.StepOfEpoch + 1 };
            }
            state = new(state.Epoch + 1, 0, [.. state.History, [.. state.Losses.Means, .. Validate()]], new());
            selection.Consider(state.History);
            Report(state);
        }
        selection.Restore();
        network.Train(false);
        run.Finish(cancellation);
        return state.History;

        TrainingMoment Moment()
        {
            var moment = new TrainingMoment(state.Epoch, epochs, state.StepOfEpoch, steps) { EpochLosses = EpochLosses() };
            return plan.Steps is { } limit ? moment with { Steps = limit } : moment;
        }

        IReadOnlyList<(string Name, double Value)> Finite(IReadOnlyList<(string Name, double Value)> losses)
        {
            foreach (var (name, value) in losses)
                if (!double.IsFinite(value))
                    throw new InvalidInputException(
                        $"has diverged: the loss '{name}' is {FormattableString.Invariant($"{value}")} in epoch {state.Epoch + 1} of {epochs}", "training", "Lower the learning rate.");
            return losses;
        }

        IReadOnlyList<double> EpochLosses() => run.Criteria.Count == 0 ? [] : [.. state.History.Select(run.Criteria[0].Of)];

        IEnumerable<(string Name, double Value)> Validate()
        {
            var losses = new MeanLosses();
            if (split.Validation.Count == 0)
                return [];
            network.Train(false);
            foreach (var batch in split.Validation.Chunk(ValidationBatch))
                losses.Add(Finite(run.Validate(Moment(), batch)), batch.Length);
            return losses.Means.Select(loss => (SelectionCriterion.HeldOut + loss.Name, loss.Value));
        }

        void Report(TrainingState state, string? remark = null, TrainingPosition? continues = null) => progress?.Report(
            new(state.Epoch, epochs, (long)state.Epoch * split.Training.Count, state.History.Count > 0 ? state.History[^1] : [])
            {
                Remark = remark,
                Continues = continues,
            });
    }

    /// <summary>Computes what follows from weights that were trained elsewhere and leaves the network in evaluation mode; otherwise as <see cref="Train"/>.</summary>
    public static void Finish(TrainingPlan plan, TrainableNetwork network, int images, Func<TrainingSplit, TrainingRun> start, MasterSeed seed, CancellationToken cancellation = default)
    {
        using var run = start(TrainingSplit.Of(images, plan.ValidationShare, seed));
        network.Train(false);
        run.Finish(cancellation);
    }

    /// <summary>The order of the images in one epoch.</summary>
    /// <param name="images">Indices of the images.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="epoch">From 0.</param>
    public static int[] Order(IReadOnlyList<int> images, MasterSeed seed, int epoch)
    {
        int[] order = [.. images];
        seed.Stream("shuffle", $"{epoch}").Shuffle<int>(order);
        return order;
    }
}
