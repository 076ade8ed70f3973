using Falcon.Training;
using TorchSharp.Modules;

namespace Falcon.Methods;

/// <summary>The training of one network on one set of images. The loop over epochs and batches is <see cref="Trainer"/>'s; a run only knows one step.</summary>
/// <remarks>All that a run may carry from step to step is in the network's modules and in <see cref="Optimisers"/>: a training continues from these. Random
/// draws and learning rates follow from the seed, the moment and the images.</remarks>
public abstract class TrainingRun : IDisposable
{
    /// <summary>The optimisers, in a fixed order.</summary>
    public abstract IReadOnlyList<OptimizerHelper> Optimisers { get; }

    /// <summary>One optimisation step.</summary>
    /// <param name="moment">Where in the training this step is.</param>
    /// <param name="batch">Indices of the training images.</param>
    /// <param name="clock">Takes the time of each part of the step.</param>
    /// <returns>The losses of the step by name, before the update.</returns>
    public abstract IReadOnlyList<(string Name, double Value)> Step(TrainingMoment moment, ReadOnlySpan<int> batch, StepClock clock);

    /// <summary>Frees everything but the network.</summary>
    public abstract void Dispose();
}
