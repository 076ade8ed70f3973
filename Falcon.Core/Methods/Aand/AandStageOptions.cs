using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Imaging;
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
    /// convolutional one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AmplificationGate? AmplifiesBy { get; init; }

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, TapsOf(Backbone));

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["wide_resnet50_2", "resnet18", "resnet34", "resnet50", BackboneCatalog.Kestrel];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (Textures.Length > 0 && !Directory.Exists(Textures))
            yield return Wrong(nameof(Textures), Textures, "Give a folder of texture photos, or leave it away.");
        if (!(ForegroundLevel is >= 0 and <= 255))
            yield return Wrong(nameof(ForegroundLevel), ForegroundLevel, "Give a number from 0 to 255.");
    }

    /// <summary>How far the features of defects are moved with this teacher.</summary>
    internal AmplificationGate GateOfDefects => AmplifiesBy ?? AmplificationGate.Mask;

    /// <summary>The taps of a teacher, which are the levels a, b and c.</summary>
    internal static BackboneTap[] TapsOf(string backbone) => ReverseDistillationOptions.Taps;

    /// <summary>The levels of a teacher's features.</summary>
    internal static Tensor[] Levels(TeacherFeatures features) => [.. features.Taps.Select(tap => features[tap])];

    /// <summary>Amplification for a teacher.</summary>
    internal static AmplifiedLevels AmplificationOf(Teacher teacher) =>
        new(TapsOf(teacher.Provenance.Backbone).Select(teacher.Architecture.Channels));

    /// <summary>1 − cosine of features that belong together, enlarged, added and smoothed, (N, H, W).</summary>
    internal Tensor MapOf(Tensor[] advanced, Tensor[] others)
    {
        var distances = advanced.Zip(others, FeatureDistance.Cosine);
        return GaussianSmoothing.Of(DistanceMaps.Sum(distances, InputSize, alignCorners: true), Smoothing, SmoothingSigma);
    }
}
