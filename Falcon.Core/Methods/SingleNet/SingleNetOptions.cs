using Falcon.Backbones;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>SingleNet, single-layer distillation with Fourier convolutions (WACV 2025): a small network restores one thinned-out layer of the teacher. The defaults
/// are the recipe of the DistillationAD collection, by the paper's first author.</summary>
public sealed class SingleNetOptions : DistillationOptions
{
    /// <summary>What the student is to restore.</summary>
    internal const BackboneTap Tap = BackboneTap.Layer2;

    /// <summary>The published recipe.</summary>
    public SingleNetOptions() => CommonRecipe = true;

    /// <summary>A copy; F# sets properties on it: <c>SingleNetOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public SingleNetOptions(SingleNetOptions original) => Copy(original);

    /// <inheritdoc/>
    public override string Name => "singlenet";

    /// <inheritdoc/>
    public override string DisplayName => "SingleNet";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <summary>Frequency in bins at which the low-pass filter lets half through; 0 for no filter.</summary>
    public double FilterCutoff { get; init; } = 10;

    /// <summary>Whether the filter turns negative values positive, as published.</summary>
    public bool AbsoluteFilter { get; init; } = true;

    /// <summary>Scales the student's Fourier transforms orthonormally instead of the inverse alone.</summary>
    public bool OrthonormalFourier { get; init; }

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => ScoringNeeds;

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, [Tap]);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["resnet18", "resnet34", BackboneCatalog.Compact];

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

}
