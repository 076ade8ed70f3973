using Falcon.Backbones;
using Falcon.Protocol;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>STPM, student-teacher feature pyramid matching (Wang et al., BMVC 2021, arXiv 2103.04257): a student of the teacher's architecture learns its
/// features at several depths. The defaults are the recipe of the authors' code; <see cref="DistillationAdRecipe"/> is that of the DistillationAD collection.</summary>
public sealed class StpmOptions : DistillationOptions
{
    /// <summary>The authors' recipe.</summary>
    public StpmOptions()
    {
        (Epochs, BatchSize, LearningRate, WeightDecay) = (100, 32, 0.4, 1e-4);
        (ValidationShare, Checkpoint) = (0.2, new CheckpointRule.BestOnNormalValidation());
        Smoothing = SmoothingKind.None;
    }

    /// <summary>A copy; F# sets properties on it: <c>StpmOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public StpmOptions(StpmOptions original) => Copy(original);

    /// <summary>The recipe of the DistillationAD collection (method <c>st</c>), without its three mistakes (<c>docs/methods.md</c>).</summary>
    public static StpmOptions DistillationAdRecipe => new()
    {
        CommonRecipe = true,
        Optimiser = StpmOptimiser.Adam,
        Layers = PyramidLayers.Layer2 | PyramidLayers.Layer3,
        Reduction = DistanceReduction.BatchSum,
        HalfDistance = true,
        Combination = MapCombination.WeightedSum,
    };

    /// <inheritdoc/>
    public override string Name => "stpm";

    /// <inheritdoc/>
    public override string DisplayName => "STPM";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <summary>The layers compared.</summary>
    public PyramidLayers Layers { get; init; } = PyramidLayers.Layers123;

    /// <summary>How the student learns.</summary>
    public StpmOptimiser Optimiser { get; init; } = StpmOptimiser.Sgd;

    /// <summary>Momentum of <see cref="StpmOptimiser.Sgd"/>.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>How distances become the loss.</summary>
    public DistanceReduction Reduction { get; init; } = DistanceReduction.PositionMean;

    /// <summary>Whether the loss takes half of each distance, as the paper writes it.</summary>
    public bool HalfDistance { get; init; }

    /// <summary>Whether features are compared as unit vectors; otherwise as they are.</summary>
    public bool Normalise { get; init; } = true;

    /// <summary>Starts the student from the teacher's weights instead of random ones, as DistillationAD does.</summary>
    public bool PretrainedStudent { get; init; }

    /// <summary>How distances become the map.</summary>
    public MapCombination Combination { get; init; } = MapCombination.Product;

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => new(Pixels: true, Layers.Taps());

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: true, Layers.Taps());

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["resnet18", "resnet34", "resnet50", "wide_resnet50_2", BackboneCatalog.Compact];

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

}

/// <summary>How STPM's student learns.</summary>
public enum StpmOptimiser
{
    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,

    /// <summary>Adam.</summary>
    Adam,
}

/// <summary>How distances at all positions of all layers become STPM's loss.</summary>
public enum DistanceReduction
{
    /// <summary>The mean over images and positions, added up over layers (the authors' code).</summary>
    PositionMean,

    /// <summary>The mean over positions and layers, added up over the batch (DistillationAD): it grows with the batch.</summary>
    BatchSum,

    /// <summary>The mean over positions, layers and images.</summary>
    BatchMean,
}

/// <summary>How the distances of several layers become one map.</summary>
public enum MapCombination
{
    /// <summary>Brought to the size of the first layer and multiplied.</summary>
    Product,

    /// <summary>Halved, divided by the number of positions, enlarged to the input and added: the deeper, the heavier.</summary>
    WeightedSum,
}
