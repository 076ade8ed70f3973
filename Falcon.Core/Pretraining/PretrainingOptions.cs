using Falcon.Methods;
using Falcon.Training;

namespace Falcon.Pretraining;

/// <summary>What the trainings share that make a teacher: they take a number of steps, not passes, over pictures that they read or draw as they go. They train in
/// the same loop as the methods but detect nothing.</summary>
public abstract class PretrainingOptions : DistillationOptions
{
    /// <summary>Training steps in all.</summary>
    public long Steps { get; init; }

    /// <inheritdoc/>
    public override TrainingPlan Plan => base.Plan with { Steps = Steps };

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => new(Pixels: false, []);

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => TrainingNeeds;

    internal sealed override bool Detects => false;

    /// <inheritdoc/>
    protected override bool CountsEpochs => false;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!InputSize.IsSquare)
            yield return Wrong(nameof(InputSize), InputSize, "Give one number: pictures are cut into squares.");
        if (Steps < 1)
            yield return Wrong(nameof(Steps), Steps, "Give at least 1.");
    }
}
