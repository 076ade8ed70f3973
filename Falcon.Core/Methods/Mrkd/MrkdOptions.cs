using Falcon.Backbones;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>MRKD, masked reverse knowledge distillation (Jiang, Cao and Shen, Knowledge-Based Systems 280, 2023, arXiv 2512.15326): reverse distillation that restores
/// the features of a clean image from those of one with patches, and hidden positions of them from their neighbours. The defaults are the recipe of the authors' code
/// with the patches of a category that it does not know; <see cref="ForCategory"/> has its categories.</summary>
public sealed class MrkdOptions : PatchSwapOptions
{
    /// <summary>What the student is to restore.</summary>
    internal static readonly BackboneTap[] Taps = PyramidLayers.Layers123.Taps();

    /// <summary>The authors' recipe.</summary>
    public MrkdOptions()
    {
        PublishedBackbone = "wide_resnet50_2";
        (Epochs, BatchSize, LearningRate, Resizing, Patches) = (200, 16, 5e-3, ResizeFilter.Lanczos, 3);
    }

    /// <summary>A copy; F# sets properties on it: <c>MrkdOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public MrkdOptions(MrkdOptions original) => Copy(original);

    /// <summary>The authors' recipe with their patches for a category of MVTec AD; the defaults for any other.</summary>
    /// <param name="category">As the data set's folder is called: <c>metal_nut</c>.</param>
    public static MrkdOptions ForCategory(string category) => MrkdCategories.Of(category);

    /// <inheritdoc/>
    public override string Name => "mrkd";

    /// <inheritdoc/>
    public override string DisplayName => "MRKD";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <inheritdoc/>
    public override bool RunsTeacher => true;

    /// <summary>How parts of the image are hidden from the student.</summary>
    public ImageMasking ImageMasking { get; init; }

    /// <summary>The share of positions of each level that is hidden from the generation blocks.</summary>
    public double MaskRatio { get; init; } = 0.2;

    /// <summary>How many masks are drawn to score an image, which gets the mean of their maps; 0 hides nothing.</summary>
    public int TestMasks { get; init; } = 1;

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => new(Pixels: true, Taps);

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, Taps);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["wide_resnet50_2", "resnet18", "resnet34", "resnet50", BackboneCatalog.Compact];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (InputSize.Longer <= InputUnit)
            yield return Wrong(nameof(InputSize), InputSize, "Give at least 64 for one side: batch norm cannot train on a code of one position.");
        foreach (var finding in CheckPatches())
            yield return finding;
        if (!(MaskRatio is >= 0 and < 1))
            yield return Wrong(nameof(MaskRatio), MaskRatio, "Give a number from 0 to below 1.");
        if (TestMasks < 0)
            yield return Wrong(nameof(TestMasks), TestMasks, "Give 0 or more.");
    }

    /// <summary>Prepares the hiding of parts of an image.</summary>
    internal ImageMask MaskOf(RasterImage image)
    {
        if (ImageMasking == ImageMasking.CutPaste)
            return stream => CutPaste.Draw(image, stream);
        var swap = SwapOf(image);
        return stream => swap.Draw(new PatchDraws(stream)).Image;
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new MrkdNetwork(this, teacher, seed);
}
