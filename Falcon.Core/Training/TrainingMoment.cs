namespace Falcon.Training;

/// <summary>Where in a training a step is; all counts from 0. Whatever changes from step to step, learning rates above all, is a function of it.</summary>
/// <param name="Epoch">The pass over the images.</param>
/// <param name="Epochs">Passes in all.</param>
/// <param name="StepOfEpoch">The step within the pass.</param>
/// <param name="StepsPerEpoch">Steps of each pass.</param>
public readonly record struct TrainingMoment(int Epoch, int Epochs, int StepOfEpoch, int StepsPerEpoch)
{
    /// <summary>Steps before this one.</summary>
    public long Step => (long)Epoch * StepsPerEpoch + StepOfEpoch;

    /// <summary>Steps in all: those of all passes, or the <see cref="TrainingPlan.Steps"/> of a training that counts steps.</summary>
    public long Steps { get; init; } = (long)Epochs * StepsPerEpoch;

    /// <summary>The loss that chooses among epochs, for each finished epoch: on the images held out, or, when there are none, on those trained on.</summary>
    public IReadOnlyList<double> EpochLosses { get; init; } = [];
}
