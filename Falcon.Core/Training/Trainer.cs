using Falcon.Methods;
using Falcon.Randomness;

namespace Falcon.Training;

/// <summary>The one training loop: epochs, shuffling, batches, checkpoints, progress and cancellation, the same for every method.</summary>
public static class Trainer
{
    /// <summary>Trains a network in place and leaves it in evaluation mode.</summary>
    /// <param name="options">The method's options, already checked.</param>
    /// <param name="network">Made by <see cref="MethodOptions.CreateNetwork"/> of the same options.</param>
    /// <param name="images">The normal images; they stay the caller's.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="checkpoint">Continues an interrupted training, with the same result to the bit as without the interruption; null to start anew and to
    /// leave nothing when interrupted.</param>
    /// <param name="progress">Told at the start and after each epoch.</param>
    /// <param name="cancellation">Looked at before each step; a checkpoint is written first.</param>
    /// <returns>The mean losses of each epoch, in order.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the network is unusable.</exception>
    public static IReadOnlyList<IReadOnlyList<(string Name, double Value)>> Train(
        MethodOptions options, AnomalyNetwork network, TrainingImages images, MasterSeed seed, TrainingCheckpoint? checkpoint = null,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var run = options.StartTraining(network, images, seed);
        var state = checkpoint?.Restore(network, run) ?? TrainingState.Start;
        var steps = (images.Count + options.BatchSize - 1) / options.BatchSize;
        var clock = new StepClock();
        Report(state);
        while (state.Epoch < options.Epochs)
        {
            network.Train(true);
            foreach (var batch in Order(images.Count, seed, state.Epoch).Chunk(options.BatchSize).Skip(state.StepOfEpoch))
            {
                if (cancellation.IsCancellationRequested || checkpoint?.IsDue == true)
                    checkpoint?.Save(network, run, state);
                cancellation.ThrowIfCancellationRequested();
                state.Losses.Add(run.Step(new(state.Epoch, options.Epochs, state.StepOfEpoch, steps), batch, clock), batch.Length);
                state = state with { StepOfEpoch = state.StepOfEpoch + 1 };
            }
            state = new(state.Epoch + 1, 0, [.. state.History, state.Losses.Means], new());
            Report(state);
        }
        network.Train(false);
        return state.History;

        void Report(TrainingState state) =>
            progress?.Report(new(state.Epoch, options.Epochs, (long)state.Epoch * images.Count, state.History.Count > 0 ? state.History[^1] : []));
    }

    /// <summary>The order of the images in one epoch.</summary>
    public static int[] Order(int count, MasterSeed seed, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        seed.Stream("shuffle", $"{epoch}").Shuffle<int>(order);
        return order;
    }
}
