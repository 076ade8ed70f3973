using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>SingleNet, single-layer distillation with Fourier convolutions (WACV 2025): a small network restores one thinned-out layer of the teacher. The defaults
/// are the recipe of the DistillationAD collection, by the paper's first author.</summary>
public sealed record SingleNetOptions : DistillationOptions
{
    internal const string MethodName = "singlenet";

    /// <summary>What the student is to restore.</summary>
    internal const BackboneTap Tap = BackboneTap.Layer2;

    /// <summary>The published recipe.</summary>
    public SingleNetOptions() => UseCommonRecipe();

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => MethodName;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string DisplayName => "SingleNet";

    /// <summary>Frequency in bins at which the low-pass filter lets half through; 0 for no filter.</summary>
    public double FilterCutoff { get; set; } = 10;

    /// <summary>Whether the filter turns negative values positive, as published.</summary>
    public bool AbsoluteFilter { get; set; } = true;

    /// <summary>Scales the student's Fourier transforms orthonormally instead of the inverse alone.</summary>
    public bool OrthonormalFourier { get; set; }

    /// <summary>A copy; F# sets named properties on it: <c>options.With(Epochs = 20)</c>.</summary>
    public SingleNetOptions With() => this with { };

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds TrainingNeeds => ScoringNeeds;

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds ScoringNeeds => new(Pixels: false, [Tap]);

    private protected override IReadOnlyList<string> Backbones => ["resnet18", "resnet34", BackboneCatalog.Kestrel];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!(FilterCutoff >= 0))
            yield return Wrong(nameof(FilterCutoff), FilterCutoff, "Give 0 or more.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new SingleNetNetwork(this, teacher, seed);

    /// <inheritdoc/>
    public override TrainingRun StartTraining(AnomalyNetwork network, TrainingImages images, MasterSeed seed) =>
        new SingleNetTraining(this, (SingleNetNetwork)network, images);
}
