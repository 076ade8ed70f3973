using Falcon.Methods;
using Falcon.Randomness;

namespace Falcon.Training;

/// <summary>The one training loop: epochs, shuffling, batches, progress and cancellation, the same for every method.</summary>
public static class Trainer
{
    /// <summary>Trains a network in place and leaves it in evaluation mode.</summary>
    /// <param name="options">The method's options, already checked.</param>
    /// <param name="network">Made by <see cref="MethodOptions.CreateNetwork"/> of the same options.</param>
    /// <param name="images">The normal images; they stay the caller's.</param>
    /// <param name="seed">The master seed.</param>
    /// <param name="progress">Told at the start and after each epoch.</param>
    /// <param name="cancellation">Looked at before each step.</param>
    /// <returns>The mean losses of each epoch, in order.</returns>
    /// <exception cref="OperationCanceledException">Cancelled; the network is unusable.</exception>
    public static IReadOnlyList<IReadOnlyList<(string Name, double Value)>> Train(
        MethodOptions options, AnomalyNetwork network, TrainingImages images, MasterSeed seed,
        IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        using var run = options.StartTraining(network, images, seed);
        var clock = new StepClock();
        var history = new List<IReadOnlyList<(string, double)>>();
        progress?.Report(new(0, options.Epochs, 0, []));
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            network.Train(true);
            var losses = new MeanLosses();
            foreach (var batch in Order(images.Count, seed, epoch).Chunk(options.BatchSize))
            {
                cancellation.ThrowIfCancellationRequested();
                losses.Add(run.Step(epoch, batch, clock), batch.Length);
            }
            run.EndEpoch();
            history.Add(losses.Means);
            progress?.Report(new(epoch + 1, options.Epochs, (long)(epoch + 1) * images.Count, losses.Means));
        }
        network.Train(false);
        return history;
    }

    /// <summary>The order of the images in one epoch.</summary>
    public static int[] Order(int count, MasterSeed seed, int epoch)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        seed.Stream("shuffle", $"{epoch}").Shuffle<int>(order);
        return order;
    }
}
