using Falcon.Backbones;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays <c>backbones.safetensors</c>: every backbone in evaluation mode, filled by <see cref="ParityWeights"/>, as it is and folded.</summary>
public sealed class BackbonesParity : FixtureSuite
{
    private const double Tolerance = 1e-4;

    private static readonly (BackboneTap Tap, string Name)[] Taps =
    [
        (BackboneTap.Pool, "stem"),
        (BackboneTap.Layer1, "layer1"),
        (BackboneTap.Layer2, "layer2"),
        (BackboneTap.Layer3, "layer3"),
        (BackboneTap.Layer4, "layer4"),
        (BackboneTap.Logits, "logits"),
    ];

    /// <inheritdoc/>
    public override string Name => "backbones";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts => [("backbones.safetensors", Run)];

    private static void Run(ParityFixture fixture)
    {
        foreach (var name in fixture.Cases("", ".image", "resnet18"))
        {
            using var scope = NewDisposeScope();
            using var frozen = no_grad();
            using var network = new ResNet(BackboneCatalog.Find(name), BackboneTap.Logits);
            fixture.Fill(network, "teacher.");
            network.eval();
            using var folded = new FrozenBackbone(network);
            var images = fixture.Images($"{name}.image");
            var taps = Array.ConvertAll(Taps, tap => tap.Tap);
            Check(network.call(images, taps), "");
            Check(folded.Features(images, taps), " (folded)");

            void Check(Tensor[] features, string note)
            {
                foreach (var (i, tap) in Taps.Index())
                    fixture.Check($"{name}.{tap.Name}", features[i], Tolerance, note);
            }
        }
    }
}
