using System.Text.Json.Serialization;
using Falcon.Methods;
using Falcon.Training;

namespace Falcon.Pretraining;

/// <summary>What the trainings share that make a teacher: they take a number of steps, not passes, over pictures that they read or draw as they go. They train in
/// the same loop as the methods but detect nothing.</summary>
public abstract record PretrainingOptions : DistillationOptions
{
    /// <summary>Training steps in all.</summary>
    public long Steps { get; set; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override TrainingPlan Plan => base.Plan with { Steps = Steps };

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds TrainingNeeds => new(Pixels: false, []);

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds ScoringNeeds => TrainingNeeds;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check().Where(finding => !finding.Where.EndsWith(nameof(Epochs), StringComparison.Ordinal)))
            yield return finding;
        if (Steps < 1)
            yield return Wrong(nameof(Steps), Steps, "Give at least 1.");
    }
}
