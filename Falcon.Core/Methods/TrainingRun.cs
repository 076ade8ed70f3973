using Falcon.Training;

namespace Falcon.Methods;

/// <summary>The training of one network on one set of images. The loop over epochs and batches is <see cref="Trainer"/>'s; a run only knows one step.</summary>
public abstract class TrainingRun : IDisposable
{
    /// <summary>One optimisation step.</summary>
    /// <param name="epoch">From 0. Random draws of a step depend on the seed, the epoch and the images alone, so that a run can resume at any epoch.</param>
    /// <param name="batch">Indices of the training images.</param>
    /// <param name="clock">Takes the time of each part of the step.</param>
    /// <returns>The losses of the step by name, before the update.</returns>
    public abstract IReadOnlyList<(string Name, double Value)> Step(int epoch, ReadOnlySpan<int> batch, StepClock clock);

    /// <summary>Called after the last step of each epoch; learning-rate schedules advance here.</summary>
    public abstract void EndEpoch();

    /// <summary>Frees everything but the network.</summary>
    public abstract void Dispose();
}
