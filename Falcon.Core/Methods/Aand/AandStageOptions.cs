using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Onnx;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>What both stages of AAND depend on: the input, and how the first one makes defects and learns from them.</summary>
public abstract class AandStageOptions : DistillationOptions
{
    /// <summary>The name of the amplification among a network's parts.</summary>
    internal const string AmplificationPart = "amplification";

    /// <summary>The authors' recipe.</summary>
    protected AandStageOptions()
    {
        (BatchSize, LearningRate, Schedule) = (16, 5e-3, RateSchedule.TwoFifths);
        Resizing = ResizeFilter.Bicubic;
    }

    /// <summary>A folder of texture photos that synthetic defects are made of, for example that of the Describable Textures Dataset; empty to make them of noise
    /// and of the training images.</summary>
    public string Textures { get; init; } = "";

    /// <summary>Whether texture photos are read as blue, green, red, as in the authors' code.</summary>
    public bool TexturesInBgr { get; init; }

    /// <summary>Where in a training image defects may lie.</summary>
    public ForegroundShape Foreground { get; init; }

    /// <summary>The level of the smoothed luma, 0–255, of <see cref="ForegroundShape.Above"/> and <see cref="ForegroundShape.AtMost"/>.</summary>
    public double ForegroundLevel { get; init; }

    /// <summary>How similar amplified abnormal features may be to normal ones.</summary>
    public AmplificationMargin Margin { get; init; }

    /// <summary>How far the features of defects are moved in the first stage's training; null for what the authors' code does with the teacher: all the way with a
    /// convolutional one, as far as they are taken for abnormal with a transformer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AmplificationGate? AmplifiesBy { get; init; }

    /// <summary>What images are normalised with: ImageNet's statistics, in the authors' code also for CLIP's tower.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PixelStatistics Statistics { get; init; }

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => base.Preprocessing with { Statistics = Statistics };

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, BackboneCatalog.FindAny(Backbone).Levels);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["wide_resnet50_2", "resnet18", "resnet34", "resnet50", BackboneCatalog.Compact, "clip_vit_b_16"];

    /// <inheritdoc/>
    public override bool Allows(string backbone) =>
        base.Allows(backbone) || (BackboneCatalog.TryFind(backbone) is TransformerArchitecture { Family: TransformerFamily.Clip } tower && InputUnit % tower.PatchSize == 0);

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (Textures.Length > 0 && !Directory.Exists(Textures))
            yield return Wrong(nameof(Textures), Textures, "Give a folder of texture photos, or leave it away.");
        else if (Textures.Length > 0 && ImageFile.In(Textures).Count == 0)
            yield return new("there is no image in it", $"{DisplayName} option {nameof(Textures)}: {Textures}", "Give a folder of texture photos, or leave it away.");
        if (Tiling is not null && Foreground is ForegroundShape.Disc or ForegroundShape.Box)
            yield return Wrong(nameof(Foreground), Foreground, $"A tile does not show where the part's middle is: choose another, or leave {nameof(Tiling)} away.");
        if (!(ForegroundLevel is >= 0 and <= 255))
            yield return Wrong(nameof(ForegroundLevel), ForegroundLevel, "Give a number from 0 to 255.");
    }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Warnings()
    {
        if (Textures.Length == 0)
            yield return new(
                "there are no textures: defects are made of noise and of the training images", $"{DisplayName} option {nameof(Textures)}",
                "Name a folder of texture photos, for example that of the Describable Textures Dataset.");
    }

    /// <summary>How far the features of defects are moved with this teacher.</summary>
    internal AmplificationGate GateOfDefects =>
        AmplifiesBy ?? (BackboneCatalog.FindAny(Backbone) is TransformerArchitecture ? AmplificationGate.Predicted : AmplificationGate.Mask);

    /// <summary>The levels a, b and c of a teacher's features.</summary>
    internal static Tensor[] Levels(TeacherFeatures features) => [.. features.Taps.Select(tap => features[tap])];

    /// <summary>Amplification for a teacher, with initial weights.</summary>
    internal AmplifiedLevels AmplificationOf(Teacher teacher, MasterSeed seed)
    {
        var levels = new AmplifiedLevels(ScoringNeeds.Taps.Select(teacher.Form.Channels));
        levels.Draw(seed);
        return levels;
    }

    /// <summary>As below, in a graph.</summary>
    internal OnnxValue MapOf(IEnumerable<OnnxValue> advanced, IEnumerable<OnnxValue> others) => GaussianSmoothing.Of(
        DistanceMaps.Sum(advanced.Zip(others, FeatureDistance.Cosine), InputSize, alignCorners: true), Smoothing, SmoothingSigma);

    /// <summary>1 − cosine of features that belong together, enlarged, added and smoothed, (N, H, W).</summary>
    internal Tensor MapOf(Tensor[] advanced, Tensor[] others)
    {
        var distances = advanced.Zip(others, FeatureDistance.Cosine);
        return GaussianSmoothing.Of(DistanceMaps.Sum(distances, InputSize, alignCorners: true), Smoothing, SmoothingSigma);
    }
}
