using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>MRKD, masked reverse knowledge distillation (Jiang, Cao and Shen, Knowledge-Based Systems 280, 2023, arXiv 2512.15326): reverse distillation that restores
/// the features of a clean image from those of one with patches, and hidden positions of them from their neighbours. The defaults are the recipe of the authors' code
/// with the patches of a category that it does not know; <see cref="ForCategory"/> has its categories.</summary>
public sealed class MrkdOptions : DistillationOptions
{
    /// <summary>What the student is to restore.</summary>
    internal static readonly BackboneTap[] Taps = PyramidLayers.Layers123.Taps();

    /// <summary>The authors' recipe.</summary>
    public MrkdOptions()
    {
        Backbone = "wide_resnet50_2";
        (Epochs, BatchSize, LearningRate, Resizing) = (200, 16, 5e-3, ResizeFilter.Lanczos);
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
    public override bool RunsTeacher => true;

    /// <summary>How parts of the image are hidden from the student.</summary>
    public ImageMasking ImageMasking { get; init; }

    /// <summary>How patches come to their place.</summary>
    public PatchBlending Blending { get; init; }

    /// <summary>Patches pasted at most; each after the first is left out with probability ½.</summary>
    public int Patches { get; init; } = 3;

    /// <summary>Half a patch's height, as a share of the input's.</summary>
    public ExtentBounds PatchRows { get; init; } = new(0.03, 0.4);

    /// <summary>Half a patch's width, as a share of the input's.</summary>
    public ExtentBounds PatchColumns { get; init; } = new(0.03, 0.4);

    /// <summary>The gray level, 0–255, of a plain background, from and to which nothing is pasted; null when the part fills the image.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? Background { get; init; }

    /// <summary>How far the background may be from its level.</summary>
    public double BackgroundTolerance { get; init; } = 20;

    /// <summary>The share of a patch that the part must exceed, where there is a background.</summary>
    public double MinimalObject { get; init; } = 0.7;

    /// <summary>The share of the patch's part that must come to lie on the part, where there is a background.</summary>
    public double MinimalOverlap { get; init; } = 0.25;

    /// <summary>The share of positions of each level that is hidden from the generation blocks.</summary>
    public double MaskRatio { get; init; } = 0.2;

    /// <summary>How many masks are drawn to score an image, which gets the mean of their maps; 0 hides nothing.</summary>
    public int TestMasks { get; init; } = 1;

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => new(Pixels: true, Taps);

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, Taps);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["wide_resnet50_2", "resnet18", "resnet34", "resnet50", BackboneCatalog.Kestrel];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (InputSize.Longer <= InputUnit)
            yield return Wrong(nameof(InputSize), InputSize, "Give at least 64 for one side: batch norm cannot train on a code of one position.");
        if (Patches < 1)
            yield return Wrong(nameof(Patches), Patches, "Give at least 1.");
        foreach (var (option, bounds) in new[] { (nameof(PatchRows), PatchRows), (nameof(PatchColumns), PatchColumns) })
            if (!bounds.ArePossible)
                yield return Wrong(option, bounds, $"Give bounds from 0 to {ExtentBounds.Largest}, the lower one first.");
        if (Background is { } level && !(level is >= 0 and <= 255))
            yield return Wrong(nameof(Background), level, "Give a number from 0 to 255, or none.");
        if (!(BackgroundTolerance >= 0))
            yield return Wrong(nameof(BackgroundTolerance), BackgroundTolerance, "Give 0 or more.");
        foreach (var (option, share) in new[] { (nameof(MinimalObject), MinimalObject), (nameof(MinimalOverlap), MinimalOverlap) })
            if (!(share is >= 0 and <= 1))
                yield return Wrong(option, share, "Give a number from 0 to 1.");
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
        PlainBackground? background = Background is { } level ? new(level, BackgroundTolerance) : null;
        var swap = new PatchSwap(image, new(Patches, PatchRows, PatchColumns, background, MinimalObject, MinimalOverlap) { Blending = Blending });
        return stream => swap.Draw(new PatchDraws(stream)).Image;
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new MrkdNetwork(this, teacher, seed);
}
