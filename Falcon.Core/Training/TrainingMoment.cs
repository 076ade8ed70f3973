namespace Falcon.Training;

/// <summary>Where in a training a step is; all counts from 0.</summary>
/// <param name="Epoch">The pass over the images.</param>
/// <param name="Epochs">Passes in all.</param>
/// <param name="StepOfEpoch">The step within the pass.</param>
/// <param name="StepsPerEpoch">Steps of each pass.</param>
public readonly record struct TrainingMoment(int Epoch, int Epochs, int StepOfEpoch, int StepsPerEpoch)
{
    /// <summary>Steps before this one.</summary>
    public long Step => (long)Epoch * StepsPerEpoch + StepOfEpoch;

    /// <summary>Steps in all.</summary>
    public long Steps => (long)Epochs * StepsPerEpoch;
}
