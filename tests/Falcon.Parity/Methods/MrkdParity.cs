using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays MRKD's fixtures (specification, section 9).</summary>
public sealed class MrkdParity : FixtureSuite
{
    /// <summary>What stands before the keys of the weight rule.</summary>
    internal const string Prefix = "mrkd.", TeacherPrefix = "mrkd.teacher.";

    /// <summary>The levels as the fixtures call them, for layer1, layer2 and layer3.</summary>
    internal static readonly string[] Levels = ["a", "b", "c"];

    /// <inheritdoc/>
    public override string Name => "mrkd";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts =>
    [
        (TrainFile, MrkdTrainParity.Run),
        (InferFile, fixture => MrkdInferParity.Run(fixture, "resnet18", null)),
        ("infer_wrn50.safetensors", fixture => MrkdInferParity.Run(fixture, "wide_resnet50_2", 1)),
        ("synth.safetensors", MrkdSynthParity.Run),
    ];

    /// <summary>The masks of stored uniform numbers.</summary>
    internal static FeatureMasks Masks(ParityFixture fixture, string name, long images, IReadOnlyList<(long Rows, long Columns)> sizes, double ratio) =>
        FeatureMasks.Of(
            Levels.Select(level => $"{name}.{level}").Select((stored, i) =>
                fixture.Input(stored, () => fixture.Uniform(stored, images, 1, sizes[i].Rows, sizes[i].Columns))),
            ratio);

    /// <summary>Compares a result of each level.</summary>
    internal static void Check(ParityFixture fixture, string name, IEnumerable<Tensor> levels, double tolerance)
    {
        foreach (var (i, level) in levels.Index())
            fixture.Check($"{name}.{Levels[i]}", level, tolerance);
    }
}
