using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>What <see cref="FdslOptions"/> builds on: a head that learns once, from the defects of an auxiliary data set, how those differ from good patches. One head
/// serves any number of categories.</summary>
public sealed class FdslHeadOptions : DistillationOptions
{
    /// <summary>The published settings for a head that learns from MVTec AD.</summary>
    public FdslHeadOptions()
    {
        (InputSize, Resizing) = (518, ResizeFilter.Bicubic);
        (Epochs, BatchSize, LearningRate, Beta1, Beta2) = (5, 8, 1e-3, 0.5, 0.999);
        Smoothing = SmoothingKind.None;
    }

    /// <summary>A copy; F# sets properties on it: <c>FdslHeadOptions(options, Epochs = 11)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public FdslHeadOptions(FdslHeadOptions original) => Copy(original);

    /// <inheritdoc/>
    public override string Name => "fdsl-head";

    /// <inheritdoc/>
    public override string DisplayName => "FDSL head";

    /// <inheritdoc/>
    public override bool LearnsFromDefects => true;

    /// <summary>Normal images of each category of the auxiliary data set, with whose patches its images are compared.</summary>
    public int Normals { get; init; } = 10;

    /// <summary>How images are varied.</summary>
    public DefectAugmentation Augmentation { get; init; } = DefectAugmentation.Mosaic;

    /// <summary>Whether the probabilities of patches are weighed by those around them (NAM).</summary>
    public bool NeighbourAggregation { get; init; } = true;

    /// <summary>Keeps the patches of normal images in half precision.</summary>
    public bool HalfMemory { get; init; }

    /// <inheritdoc/>
    public override int AuxiliaryNormals => Normals;

    /// <inheritdoc/>
    public override bool RunsTeacher => Augmentation != DefectAugmentation.None;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ClipTower.Names;

    /// <inheritdoc/>
    public override bool Allows(string backbone) => ClipTower.TryFind(backbone) is not null;

    /// <inheritdoc/>
    protected override int InputUnit => ClipTower.Find(Backbone).PatchSize;

    /// <inheritdoc/>
    /// <remarks>The images of the auxiliary data set are seen as one.</remarks>
    public override Preprocessing Preprocessing => ClipTower.Preprocessing(InputSize) with { WhiteLevel = WhiteLevel };

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => new(Pixels: Augmentation == DefectAugmentation.Crop, ClipTower.Taps(Backbone));

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, ClipTower.Taps(Backbone));

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        if (!Allows(Backbone))
        {
            yield return Wrong(nameof(Backbone), Backbone, $"Give one of: {string.Join(", ", Backbones)}.");
            yield break;
        }
        foreach (var finding in base.Check())
            yield return finding;
        if (Normals < 1)
            yield return Wrong(nameof(Normals), Normals, "Give at least 1.");
        if (ValidationShare != 0)
            yield return Wrong(nameof(ValidationShare), ValidationShare, "No image is held out: leave it at 0.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new FdslHeadNetwork(this, teacher, seed);
}
