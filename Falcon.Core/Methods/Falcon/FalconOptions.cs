using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>FALCON: selective knowledge distillation with noise pasted where a class activation map sees the object (public code
/// <c>abb155889/FALCON</c>, 2025). The defaults are the published settings with the departures that <c>docs/methods.md</c> lists.</summary>
public sealed record FalconOptions : MethodOptions
{
    internal const string MethodName = "falcon";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => MethodName;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string DisplayName => "FALCON";

    /// <inheritdoc/>
    public override int Epochs { get; set; } = 100;

    /// <inheritdoc/>
    public override int BatchSize { get; set; } = 1;

    /// <summary>Side of the square input in pixels, a multiple of 16.</summary>
    public int InputSize { get; set; } = 256;

    /// <summary>Learning rate of both Adam optimisers; halved every ⌊epochs/2⌋ epochs.</summary>
    public double LearningRate { get; set; } = 3e-4;

    /// <summary>Adam's decay of the first moment.</summary>
    public double Beta1 { get; set; } = 0.9;

    /// <summary>Adam's decay of the second moment.</summary>
    public double Beta2 { get; set; } = 0.99;

    /// <summary>Weight decay, added to the gradient.</summary>
    public double WeightDecay { get; set; } = 1e-5;

    /// <summary>Weights of the layers in the class activation map.</summary>
    public CamWeights CamWeights { get; set; } = CamWeights.Published;

    /// <summary>Weight of noised cells in the reconstruction loss; other cells weigh 1.</summary>
    public double NoiseWeight { get; set; } = 2;

    /// <summary>The shapes that may be pasted.</summary>
    public NoisePatterns Patterns { get; set; } = NoisePatterns.All;

    /// <summary>Which cells of the noise mask a patch marks.</summary>
    public MaskRounding MaskRounding { get; set; } = MaskRounding.Floor;

    /// <summary>How the noise mask reaches the size of the features.</summary>
    public MaskResizing MaskResizing { get; set; } = MaskResizing.Bilinear;

    /// <summary>Zeros around the map before it is enlarged: 4 repeats the public code's image scores, which shrinks every position towards the centre.</summary>
    public int MapPadding { get; set; }

    /// <summary>Trains on a random view of each image (rotation, brightness, contrast, saturation, hue) instead of the image itself.</summary>
    public bool AugmentedViews { get; set; }

    /// <summary>Noised variants drawn once per image and reused with their teacher features; 0 draws anew at every step, as published.</summary>
    public int NoisePool { get; set; }

    /// <summary>A copy; F# sets named properties on it: <c>options.With(Epochs = 20)</c>.</summary>
    public FalconOptions With() => this with { };

    /// <inheritdoc/>
    [JsonIgnore]
    public override Preprocessing Preprocessing => Preprocessing.Square(InputSize);

    private protected override IReadOnlyList<string> Backbones => ["resnet18", "resnet34", BackboneCatalog.Kestrel];

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds TrainingNeeds => AugmentedViews ? new(Pixels: true, []) : new(Pixels: true, FalconNetwork.Taps, Cam);

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds ScoringNeeds => new(Pixels: false, FalconNetwork.Taps);

    /// <summary>Where the object is.</summary>
    internal CamPreparation Cam => new(CamWeights);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (InputSize < 32 || InputSize % 16 != 0)
            yield return Wrong(nameof(InputSize), InputSize, "Give a multiple of 16, at least 32; the published size is 256.");
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

    /// <inheritdoc/>
    public override TrainingRun StartTraining(AnomalyNetwork network, TrainingImages images, MasterSeed seed) =>
        new FalconTraining(this, (FalconNetwork)network, images, seed);
}
