using Falcon.Methods;
using Falcon.Training;
using TorchSharp.Modules;

namespace Falcon.Pretraining;

/// <summary>The steps of pre-training, before the first of which the source's channels are measured.</summary>
/// <param name="options">Recipe.</param>
/// <param name="trained">All trained parameters.</param>
internal abstract class PretrainingRun(PretrainingOptions options, IEnumerable<Parameter> trained) : DistillationTraining(options, Adam(options, trained))
{
    public sealed override IReadOnlyList<(string Name, double Value)> Step(TrainingMoment moment, ReadOnlySpan<int> batch, StepClock clock)
    {
        if (moment.Step == 0)
            Measure();
        return base.Step(moment, batch, clock);
    }

    /// <summary>Measures mean and deviation of each channel that is to be learnt.</summary>
    protected abstract void Measure();
}
