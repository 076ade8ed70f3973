using Falcon.Backbones;
using Falcon.Methods;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays AAND's fixtures (specification, section 9): training in float64, inference in float32 as the product computes.</summary>
public sealed class AandParity : FixtureSuite
{
    /// <summary>The largest relative error of everything.</summary>
    internal const double Tolerance = 1e-4;

    /// <summary>What the fixtures call CLIP's tower, and one that is drawn.</summary>
    private const string Tower = "clip_vit_b16", SmallTower = "clip_vit_p16_w64_h4_d6_g4_o32";

    private const int PatchSize = 16;
    private const double ScalingFactor = 0.25, ItemFactor = 32;

    /// <summary>The levels as the fixtures call them.</summary>
    internal static readonly string[] Levels = ["a", "b", "c"];

    /// <inheritdoc/>
    public override string Name => "aand";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts =>
    [
        (TrainFile, AandTrainParity.Run),
        (InferFile, fixture => AandInferParity.Run(fixture, BackboneCatalog.Compact, null)),
        ("infer_wrn50.safetensors", fixture => AandInferParity.Run(fixture, BackboneCatalog.Compact, 1)),
        ("infer_vit.safetensors", fixture => AandInferParity.Run(fixture, SmallTower, 1)),
        ("synth.safetensors", AandSynthParity.Run),
    ];

    /// <summary>The teacher; CLIP's tower has positions for the grid of its images.</summary>
    /// <param name="fixture">The file.</param>
    /// <param name="drawn">The backbone when it is recorded.</param>
    /// <param name="images">What it will see.</param>
    internal static Teacher Teacher(ParityFixture fixture, string drawn, Tensor images)
    {
        var stored = fixture.Setting("backbone", drawn);
        var name = stored == Tower ? $"clip_vit_p16_w768_h12_d12_g{images.shape[2] / PatchSize}_o512" : stored;
        return fixture.Teacher(name, BackboneTap.Layer3, TeacherPrefix(fixture, IsTower(name)));
    }

    /// <summary>Whether a backbone is a transformer, whose fixtures have other names.</summary>
    internal static bool IsTower(string backbone) => BackboneCatalog.FindAny(backbone) is TransformerArchitecture;

    /// <summary>What stands before the names of the teacher, to which the amplification belongs.</summary>
    internal static string TeacherPrefix(ParityFixture fixture, bool tower) => Prefix(fixture, tower) + (tower ? "visual." : "teacher.");

    private static string Prefix(ParityFixture fixture, bool tower) => fixture.Setting("prefix", tower ? "aandvit." : "aand.");

    /// <summary>Gives an amplification the weights of the rule, some of them scaled so that neither tanh nor gate is saturated.</summary>
    internal static void Fill(ParityFixture fixture, AmplifiedLevels amplification, bool tower = false)
    {
        fixture.Fill(amplification, TeacherPrefix(fixture, tower));
        using var frozen = no_grad();
        foreach (var (name, value) in amplification.state_dict())
            if (name.Contains(".projs2.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal))
                value.mul_(ScalingFactor);
            else if (name.Contains(".K_list.", StringComparison.Ordinal))
                value.mul_(ItemFactor);
    }

    /// <summary>Gives a whole network the weights of the rule.</summary>
    internal static void Fill(ParityFixture fixture, AandNetwork network, bool tower = false)
    {
        Fill(fixture, network.Amplification, tower);
        fixture.Fill(network.Bottleneck, $"{Prefix(fixture, tower)}bn.");
        fixture.Fill(network.Student, $"{Prefix(fixture, tower)}student.");
    }

    /// <summary>Compares a result of each level.</summary>
    internal static void Check(ParityFixture fixture, string name, IEnumerable<Tensor> levels)
    {
        foreach (var (i, level) in levels.Index())
            fixture.Check($"{name}.{Levels[i]}", level, Tolerance);
    }

    /// <summary>Compares gates, (N, h, w), which are stored as (N, h·w, 1).</summary>
    internal static void CheckGates(ParityFixture fixture, string name, IEnumerable<Tensor> gates) =>
        Check(fixture, name, gates.Select(gate => gate.reshape(gate.shape[0], -1, 1)));
}
