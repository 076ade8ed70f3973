using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Methods;

/// <summary>The distillation of a classifier into a patch description network, once, on many varied images (EfficientAD's specification, section 5). The result is
/// a teacher for <see cref="EfficientAdOptions"/>. It trains in the same loop as the methods but detects nothing.</summary>
public sealed record PdnPretrainingOptions : DistillationOptions
{
    /// <summary>The published recipe.</summary>
    public PdnPretrainingOptions()
    {
        Backbone = "wide_resnet101_2";
        (BatchSize, LearningRate, Beta1, WeightDecay) = (16, 1e-4, 0.9, 1e-5);
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => "pdn-pretraining";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string DisplayName => "PDN pre-training";

    /// <summary>Training steps in all.</summary>
    public long Steps { get; set; } = 60_000;

    /// <summary>The network to train.</summary>
    public PdnSize Size { get; set; } = PdnSize.Small;

    /// <summary>Images on which the classifier's channels are measured.</summary>
    public int StatisticsImages { get; set; } = 10_000;

    /// <summary>A copy; F# sets named properties on it: <c>options.With(Steps = 1000)</c>.</summary>
    public PdnPretrainingOptions With() => this with { };

    /// <inheritdoc/>
    [JsonIgnore]
    public override TrainingPlan Plan => base.Plan with { Steps = Steps };

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds TrainingNeeds => new(Pixels: false, []);

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds ScoringNeeds => TrainingNeeds;

    private protected override IReadOnlyList<string> Backbones => [.. BackboneCatalog.All.Select(known => known.Name)];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check().Where(finding => !finding.Where.EndsWith(nameof(Epochs), StringComparison.Ordinal)))
            yield return finding;
        if (Steps < 1)
            yield return Wrong(nameof(Steps), Steps, "Give at least 1.");
        if (StatisticsImages < 1)
            yield return Wrong(nameof(StatisticsImages), StatisticsImages, "Give at least 1.");
    }

    /// <inheritdoc/>
    public override AnomalyNetwork CreateNetwork(Teacher teacher, MasterSeed seed) => new PdnPretrainingNetwork(this, teacher, seed);

    /// <inheritdoc/>
    public override TrainingRun StartTraining(AnomalyNetwork network, TrainingImages images, MasterSeed seed) =>
        new PdnPretrainingRun(this, (PdnPretrainingNetwork)network, images.Names, seed);
}
