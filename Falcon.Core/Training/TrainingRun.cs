namespace Falcon.Training;

/// <summary>The training of one network on one set of images. The loop over epochs and batches is <see cref="Trainer"/>'s; a run only knows one step.</summary>
/// <remarks>All that a run may carry from step to step is in the network's modules and in <see cref="Optimisers"/>: a training continues from these. Random
/// draws and learning rates follow from the seed, the moment and the images.</remarks>
public abstract class TrainingRun : IDisposable
{
    /// <summary>The optimisers, in a fixed order.</summary>
    public abstract IReadOnlyList<Optimiser> Optimisers { get; }

    /// <summary>One optimisation step.</summary>
    /// <param name="moment">Where in the training this step is.</param>
    /// <param name="batch">Indices of the training images.</param>
    /// <param name="clock">Takes the time of each part of the step.</param>
    /// <returns>The losses of the step by name, before the update.</returns>
    public abstract IReadOnlyList<(string Name, double Value)> Step(TrainingMoment moment, ReadOnlySpan<int> batch, StepClock clock);

    /// <summary>The losses that choose among epochs; none when the last weights are always kept.</summary>
    public virtual IReadOnlyList<SelectionCriterion> Criteria => [];

    /// <summary>The losses of <see cref="Criteria"/> on images held out, in evaluation mode.</summary>
    /// <param name="moment">The end of an epoch.</param>
    /// <param name="batch">Indices of images held out.</param>
    public virtual IReadOnlyList<(string Name, double Value)> Validate(TrainingMoment moment, ReadOnlySpan<int> batch) => [];

    /// <summary>Computes what follows from the final weights: called once, at the end, in evaluation mode. All of a method that takes no steps.</summary>
    /// <param name="cancellation">To be looked at by what takes long.</param>
    public virtual void Finish(CancellationToken cancellation = default)
    {
    }

    /// <summary>Frees everything but the network.</summary>
    public abstract void Dispose();
}
