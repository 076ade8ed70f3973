using Falcon.Backbones;
using Falcon.Data;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>FALCON: selective knowledge distillation with noise pasted where a class activation map sees the object (public code
/// <c>abb155889/FALCON</c>, 2025). The defaults are the published settings with the departures that <c>docs/methods.md</c> lists.</summary>
public sealed class FalconOptions : MethodOptions
{
    /// <summary>The published settings.</summary>
    public FalconOptions()
    {
    }

    /// <summary>A copy; F# sets properties on it: <c>FalconOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public FalconOptions(FalconOptions original) => Copy(original);

    /// <inheritdoc/>
    public override string Name => "falcon";

    /// <inheritdoc/>
    public override string DisplayName => "FALCON";

    /// <inheritdoc/>
    public override int Epochs { get; init; } = 100;

    /// <inheritdoc/>
    public override int BatchSize { get; init; } = 1;

    /// <summary>Size of the input in pixels, each side a multiple of 16.</summary>
    public InputSize InputSize { get; init; } = 256;

    /// <summary>Learning rate of both Adam optimisers; halved every ⌊epochs/2⌋ epochs.</summary>
    public double LearningRate { get; init; } = 3e-4;

    /// <summary>Adam's decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Adam's decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>Weight decay, added to the gradient.</summary>
    public double WeightDecay { get; init; } = 1e-5;

    /// <summary>Weights of the layers in the class activation map.</summary>
    public CamWeights CamWeights { get; init; } = CamWeights.Published;

    /// <summary>Weight of noised cells in the reconstruction loss; other cells weigh 1.</summary>
    public double NoiseWeight { get; init; } = 2;

    /// <summary>The shapes that may be pasted.</summary>
    public NoisePatterns Patterns { get; init; } = NoisePatterns.All;

    /// <summary>Which cells of the noise mask a patch marks.</summary>
    public MaskRounding MaskRounding { get; init; } = MaskRounding.Floor;

    /// <summary>How the noise mask reaches the size of the features.</summary>
    public MaskResizing MaskResizing { get; init; } = MaskResizing.Bilinear;

    /// <summary>Zeros around the map before it is enlarged: 4 repeats the public code's image scores, which shrinks every position towards the centre.</summary>
    public int MapPadding { get; init; }

    /// <summary>Trains on a random view of each image (rotation, brightness, contrast, saturation, hue) instead of the image itself.</summary>
    public bool AugmentedViews { get; init; }

    /// <summary>Noised variants drawn once per image and reused with their teacher features; 0 draws anew at every step, as published.</summary>
    public int NoisePool { get; init; }

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => Preprocessing.To(InputSize, tiling: Tiling, regionOfInterest: RegionOfInterest, whiteLevel: WhiteLevel);

    /// <inheritdoc/>
    public override bool RunsTeacher => true;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["resnet18", "resnet34", BackboneCatalog.Compact];

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => AugmentedViews ? new(Pixels: true, []) : new(Pixels: true, FalconNetwork.Taps, Cam);

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, FalconNetwork.Taps);

    /// <summary>Where the object is.</summary>
    internal CamPreparation Cam => new(CamWeights);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!InputSize.IsMultipleOf(16, least: 32))
            yield return Wrong(nameof(InputSize), InputSize, "Give multiples of 16, at least 32; the published size is 256.");
        foreach (var finding in CheckDescent(LearningRate, Beta1, Beta2, WeightDecay))
            yield return finding;
        if (!(CamWeights is { Layer1: >= 0, Layer2: >= 0, Layer3: >= 0 }) || CamWeights == default)
            yield return Wrong(nameof(CamWeights), CamWeights, "Give weights of 0 or more, not all 0.");
        if (!(NoiseWeight >= 0))
            yield return Wrong(nameof(NoiseWeight), NoiseWeight, "Give 0 or more.");
        if (Patterns == 0 || (Patterns & ~NoisePatterns.All) != 0)
            yield return Wrong(nameof(Patterns), Patterns, "Name at least one of Spot, Line and Area.");
        if (MapPadding < 0)
            yield return Wrong(nameof(MapPadding), MapPadding, "Give 0 or more.");
        if (NoisePool < 0)
            yield return Wrong(nameof(NoisePool), NoisePool, "Give 0 or more.");
        if (NoisePool > 0 && AugmentedViews)
            yield return Wrong(nameof(NoisePool), NoisePool, "A pool holds noised variants of unchanged images: set it to 0 or switch AugmentedViews off.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new FalconNetwork(this, teacher, seed);

}

/// <summary>How much the class activation map of each teacher layer adds to the ensemble; a layer of weight 0 is not computed.</summary>
/// <param name="Layer1">Weight of layer1 (stride 4).</param>
/// <param name="Layer2">Weight of layer2 (stride 8).</param>
/// <param name="Layer3">Weight of layer3 (stride 16).</param>
public readonly record struct CamWeights(double Layer1, double Layer2, double Layer3)
{
    /// <summary>The published weights: 0.5, 0, 0.5.</summary>
    public static CamWeights Published => new(0.5, 0, 0.5);
}

/// <summary>The shapes that FALCON pastes to imitate a defect (methods: spot 8×8, line 2–4 × 20–60, area 20–40 × 20–40 pixels).</summary>
[Flags]
public enum NoisePatterns
{
    /// <summary>A square of 8 pixels.</summary>
    Spot = 1,

    /// <summary>A thin upright or level bar.</summary>
    Line = 2,

    /// <summary>A rectangle.</summary>
    Area = 4,

    /// <summary>All three, the published setting.</summary>
    All = Spot | Line | Area,
}

/// <summary>Which cells of the quarter-size noise mask a pasted patch marks.</summary>
public enum MaskRounding
{
    /// <summary>Both ends rounded down, as the public code does: a thin line inside one cell column stays unmarked.</summary>
    Floor,

    /// <summary>Every cell that the patch touches.</summary>
    Cover,
}

/// <summary>How the quarter-size noise mask is brought to the size of the target features.</summary>
public enum MaskResizing
{
    /// <summary>Plain bilinear without antialiasing, as the public code does: only the middle 2×2 of each 4×4 cells count.</summary>
    Bilinear,

    /// <summary>The mean of all cells, so that no patch disappears.</summary>
    Area,
}
