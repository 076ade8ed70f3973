using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>AAND, "Advancing Pre-trained Teacher: Towards Robust Feature Discrepancy for Anomaly Detection" (arXiv 2405.02068): reverse distillation of a teacher
/// that has learnt on synthetic defects to tell abnormal features from normal ones. The defaults are the recipe of the authors' code; <see cref="ForCategory"/>
/// has the foregrounds of its categories.</summary>
public sealed class AandOptions : AandStageOptions
{
    /// <summary>The authors' recipe.</summary>
    public AandOptions() => Epochs = 120;

    /// <summary>A copy; F# sets properties on it: <c>AandOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public AandOptions(AandOptions original) => Copy(original);

    /// <summary>The authors' recipe with their foreground for a category of MVTec AD, VisA or MVTec 3D-AD; the defaults, defects everywhere, for any
    /// other.</summary>
    /// <param name="category">As the data set's folder is called: <c>metal_nut</c>.</param>
    public static AandOptions ForCategory(string category) => AandCategories.Of(category);

    /// <inheritdoc/>
    public override string Name => "aand";

    /// <inheritdoc/>
    public override string DisplayName => "AAND";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <summary>Passes over the images in the first stage; <see cref="DistillationOptions.Epochs"/> are the second's.</summary>
    public int AmplificationEpochs { get; init; } = 100;

    /// <summary>Images per step of the first stage.</summary>
    public int AmplificationBatchSize { get; init; } = 16;

    /// <summary>The nominal learning rate of the first stage.</summary>
    public double AmplificationLearningRate { get; init; } = 5e-3;

    /// <summary>How many positions of each level and image, those restored worst, count once more.</summary>
    public int HardPositions { get; init; } = 10;

    /// <summary>The share of positions that count once more, at least one, in place of <see cref="HardPositions"/>; null for a fixed number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? HardShare { get; init; }

    /// <inheritdoc/>
    public override MethodOptions Foundation => new AandAmplificationOptions
    {
        Backbone = Backbone,
        InputSize = InputSize,
        ShorterSide = ShorterSide,
        Resizing = Resizing,
        Tiling = Tiling,
        RegionOfInterest = RegionOfInterest,
        WhiteLevel = WhiteLevel,
        Statistics = Statistics,
        Epochs = AmplificationEpochs,
        BatchSize = AmplificationBatchSize,
        LearningRate = AmplificationLearningRate,
        Textures = Textures,
        TexturesInBgr = TexturesInBgr,
        Foreground = Foreground,
        ForegroundLevel = ForegroundLevel,
        Margin = Margin,
        AmplifiesBy = AmplifiesBy,
    };

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => ScoringNeeds;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (InputSize.Longer <= InputUnit)
            yield return Wrong(nameof(InputSize), InputSize, "Give at least 64 for one side: batch norm cannot train on a code of one position.");
        if (AmplificationEpochs < 1)
            yield return Wrong(nameof(AmplificationEpochs), AmplificationEpochs, "Give at least 1.");
        if (AmplificationBatchSize < 1)
            yield return Wrong(nameof(AmplificationBatchSize), AmplificationBatchSize, "Give at least 1.");
        if (!(AmplificationLearningRate > 0))
            yield return Wrong(nameof(AmplificationLearningRate), AmplificationLearningRate, "Give a positive number.");
        if (HardPositions < 1)
            yield return Wrong(nameof(HardPositions), HardPositions, "Give at least 1.");
        if (HardShare is { } share && !(share is > 0 and <= 1))
            yield return Wrong(nameof(HardShare), share, "Give a number above 0 and at most 1, or leave it away.");
    }

    /// <summary>How many of a level's positions count once more.</summary>
    internal int HardPositionsOf(long positions) => (int)Math.Min(positions, HardShare is { } share ? Math.Max(1, (long)(share * positions)) : HardPositions);

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new AandNetwork(this, teacher, seed);
}
