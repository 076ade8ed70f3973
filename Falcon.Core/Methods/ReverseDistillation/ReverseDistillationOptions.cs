using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Weights;

namespace Falcon.Methods;

/// <summary>Reverse distillation from a one-class embedding (Deng and Li, CVPR 2022, arXiv 2201.10703): a decoder restores the teacher's features from a narrow
/// code of them. The defaults are the recipe of the authors' code; <see cref="Repo"/> is that of the DistillationAD collection.</summary>
public sealed record ReverseDistillationOptions : DistillationOptions
{
    internal const string MethodName = "rd";

    private const string InnerConvolution = "bn_layer.0.conv1.weight";

    /// <summary>What the decoder is to restore.</summary>
    internal static readonly BackboneTap[] Taps = PyramidLayers.Layers123.Taps();

    /// <summary>The authors' recipe.</summary>
    public ReverseDistillationOptions()
    {
        Backbone = "wide_resnet50_2";
        (Epochs, BatchSize, LearningRate) = (200, 16, 5e-3);
    }

    /// <summary>The recipe of the DistillationAD collection (method <c>rd</c>), without its mistakes (<c>docs/methods.md</c>).</summary>
    [JsonIgnore]
    public static ReverseDistillationOptions Repo
    {
        get
        {
            var options = new ReverseDistillationOptions
            {
                Backbone = "resnet18",
                Loss = ReverseDistillationLoss.BatchSum,
                Map = ReverseDistillationMap.WeightedSum,
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
    public override string DisplayName => "Reverse distillation";

    /// <summary>What is minimised.</summary>
    public ReverseDistillationLoss Loss { get; set; } = ReverseDistillationLoss.Flat;

    /// <summary>How the map is made.</summary>
    public ReverseDistillationMap Map { get; set; } = ReverseDistillationMap.CosineSum;

    /// <summary>Whether a wide teacher's bottleneck has the base width 64 instead of 128, as in DistillationAD's checkpoints.</summary>
    public bool NarrowBottleneck { get; set; }

    /// <summary>A copy; F# sets named properties on it: <c>options.With(Epochs = 20)</c>.</summary>
    public ReverseDistillationOptions With() => this with { };

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds TrainingNeeds => new(Pixels: false, Taps);

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds ScoringNeeds => new(Pixels: false, Taps);

    private protected override IReadOnlyList<string> Backbones => ["wide_resnet50_2", "resnet18", "resnet34", "resnet50", BackboneCatalog.Kestrel];

    /// <summary>A bottleneck is narrow when its blocks are as wide as those of an ordinary network.</summary>
    internal override MethodOptions Fitting(IReadOnlyList<WeightFile> files)
    {
        var inner = from file in files from name in file.Names where name.EndsWith(InnerConvolution, StringComparison.Ordinal) select file.Entry(name).Shape[0];
        return inner.FirstOrDefault() is > 0 and var width
            ? this with { NarrowBottleneck = width == ResNetArchitecture.Width(BackboneTap.Layer4) }
            : this;
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new ReverseDistillationNetwork(this, teacher, seed);

    /// <inheritdoc/>
    public override TrainingRun StartTraining(AnomalyNetwork network, TrainingImages images, MasterSeed seed) =>
        new ReverseDistillationTraining(this, (ReverseDistillationNetwork)network, images);
}
