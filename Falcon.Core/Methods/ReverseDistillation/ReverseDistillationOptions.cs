using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Weights;

namespace Falcon.Methods;

/// <summary>Reverse distillation from a one-class embedding (Deng and Li, CVPR 2022, arXiv 2201.10703): a decoder restores the teacher's features from a narrow
/// code of them. The defaults are the recipe of the authors' code; <see cref="DistillationAdRecipe"/> is that of the DistillationAD collection.</summary>
public sealed class ReverseDistillationOptions : DistillationOptions
{
    private const string InnerConvolution = "bn_layer.0.conv1.weight";

    /// <summary>What the decoder is to restore.</summary>
    internal static readonly BackboneTap[] Taps = PyramidLayers.Layers123.Taps();

    /// <summary>The authors' recipe.</summary>
    public ReverseDistillationOptions()
    {
        PublishedBackbone = "wide_resnet50_2";
        (Epochs, BatchSize, LearningRate) = (200, 16, 5e-3);
    }

    /// <summary>A copy; F# sets properties on it: <c>ReverseDistillationOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public ReverseDistillationOptions(ReverseDistillationOptions original) => Copy(original);

    /// <summary>The recipe of the DistillationAD collection (method <c>rd</c>), without its mistakes (<c>docs/methods.md</c>).</summary>
    public static ReverseDistillationOptions DistillationAdRecipe => new()
    {
        CommonRecipe = true,
        PublishedBackbone = "resnet18",
        Loss = ReverseDistillationLoss.BatchSum,
        Map = ReverseDistillationMap.WeightedSum,
    };

    /// <inheritdoc/>
    public override string Name => "rd";

    /// <inheritdoc/>
    public override string DisplayName => "Reverse distillation";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <summary>What is minimised.</summary>
    public ReverseDistillationLoss Loss { get; init; } = ReverseDistillationLoss.Flat;

    /// <summary>How the map is made.</summary>
    public ReverseDistillationMap Map { get; init; } = ReverseDistillationMap.CosineSum;

    /// <summary>Whether a wide teacher's bottleneck has the base width 64 instead of 128, as in DistillationAD's checkpoints.</summary>
    public bool NarrowBottleneck { get; init; }

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => new(Pixels: false, Taps);

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, Taps);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["wide_resnet50_2", "resnet18", "resnet34", "resnet50", BackboneCatalog.Compact];

    /// <summary>A bottleneck is narrow when its blocks are as wide as those of an ordinary network.</summary>
    public override MethodOptions Fitting(IReadOnlyList<WeightFile> files)
    {
        var inner = from file in files from name in file.Names where name.EndsWith(InnerConvolution, StringComparison.Ordinal) select file.Entry(name).Shape[0];
        return inner.FirstOrDefault() is > 0 and var width
            ? new ReverseDistillationOptions(this) { NarrowBottleneck = width == ResNetArchitecture.Width(BackboneTap.Layer4) }
            : this;
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new ReverseDistillationNetwork(this, teacher, seed);

}

/// <summary>What reverse distillation minimises.</summary>
public enum ReverseDistillationLoss
{
    /// <summary>1 − the cosine of whole feature maps, one per image and layer (the authors' code, which the published figures come from).</summary>
    Flat,

    /// <summary>1 − the cosine at each position (the paper's formula).</summary>
    Pixel,

    /// <summary>Half the squared distance of unit vectors, added up over the batch (DistillationAD).</summary>
    BatchSum,
}

/// <summary>How reverse distillation makes one map of three layers.</summary>
public enum ReverseDistillationMap
{
    /// <summary>1 − cosine, enlarged with aligned corners and added (the authors).</summary>
    CosineSum,

    /// <summary>1 − cosine, enlarged with aligned corners and multiplied.</summary>
    CosineProduct,

    /// <summary>Half the squared distance of unit vectors over the number of positions, enlarged and added (DistillationAD).</summary>
    WeightedSum,
}
