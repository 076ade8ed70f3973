using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Results;

namespace Falcon.Methods;

/// <summary>STPM, student-teacher feature pyramid matching (Wang et al., BMVC 2021, arXiv 2103.04257): a student of the teacher's architecture learns its
/// features at several depths. The defaults are the recipe of the authors' code; <see cref="Repo"/> is that of the DistillationAD collection.</summary>
public sealed record StpmOptions : DistillationOptions
{
    internal const string MethodName = "stpm";

    /// <summary>The authors' recipe.</summary>
    public StpmOptions()
    {
        (Epochs, BatchSize, LearningRate, WeightDecay) = (100, 32, 0.4, 1e-4);
        (ValidationShare, Checkpoint) = (0.2, new CheckpointRule.BestOnNormalValidation());
        Smoothing = SmoothingKind.None;
    }

    /// <summary>The recipe of the DistillationAD collection (method <c>st</c>), without its three mistakes (<c>docs/methods.md</c>).</summary>
    [JsonIgnore]
    public static StpmOptions Repo
    {
        get
        {
            var options = new StpmOptions
            {
                Optimiser = StpmOptimiser.Adam,
                Layers = PyramidLayers.Layer2 | PyramidLayers.Layer3,
                Reduction = DistanceReduction.BatchSum,
                HalfDistance = true,
                Combination = MapCombination.WeightedSum,
            };
            options.UseCommonRecipe();
            return options;
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => MethodName;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string DisplayName => "STPM";

    /// <summary>The layers compared.</summary>
    public PyramidLayers Layers { get; set; } = PyramidLayers.Layers123;

    /// <summary>How the student learns.</summary>
    public StpmOptimiser Optimiser { get; set; } = StpmOptimiser.Sgd;

    /// <summary>Momentum of <see cref="StpmOptimiser.Sgd"/>.</summary>
    public double Momentum { get; set; } = 0.9;

    /// <summary>How distances become the loss.</summary>
    public DistanceReduction Reduction { get; set; } = DistanceReduction.PositionMean;

    /// <summary>Whether the loss takes half of each distance, as the paper writes it.</summary>
    public bool HalfDistance { get; set; }

    /// <summary>Whether features are compared as unit vectors; otherwise as they are.</summary>
    public bool Normalise { get; set; } = true;

    /// <summary>Starts the student from the teacher's weights instead of random ones, as DistillationAD does.</summary>
    public bool PretrainedStudent { get; set; }

    /// <summary>How distances become the map.</summary>
    public MapCombination Combination { get; set; } = MapCombination.Product;

    /// <summary>A copy; F# sets named properties on it: <c>options.With(Epochs = 20)</c>.</summary>
    public StpmOptions With() => this with { };

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds TrainingNeeds => new(Pixels: true, Layers.Taps());

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds ScoringNeeds => new(Pixels: true, Layers.Taps());

    private protected override IReadOnlyList<string> Backbones => ["resnet18", "resnet34", "resnet50", "wide_resnet50_2", BackboneCatalog.Kestrel];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!Layers.AreKnown())
            yield return Wrong(nameof(Layers), Layers, "Name at least one of Layer1 to Layer4.");
        if (!(Momentum is >= 0 and < 1))
            yield return Wrong(nameof(Momentum), Momentum, "Give a number from 0 to below 1.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new StpmNetwork(this, teacher, seed);

    /// <inheritdoc/>
    public override TrainingRun StartTraining(AnomalyNetwork network, TrainingImages images, MasterSeed seed) =>
        new StpmTraining(this, (StpmNetwork)network, images);
}
