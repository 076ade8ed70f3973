using Falcon.Backbones;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays <c>backbones.safetensors</c>: every backbone in evaluation mode, filled by <see cref="ParityWeights"/>, as it is and folded.</summary>
public sealed class BackbonesParity : IParitySuite
{
    private const string FileName = "backbones.safetensors";
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
    public string Name => "backbones";

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder)
    {
        using var fixture = new ParityFixture(folder, FileName);
        return [.. BackboneCatalog.All.Where(known => fixture.Names.Contains($"{known.Name}.image")).SelectMany(architecture => Replay(fixture, architecture))];
    }

    private static List<ParityResult> Replay(ParityFixture fixture, ResNetArchitecture architecture)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new ResNet(architecture, BackboneTap.Logits);
        ParityWeights.Fill(network, "teacher.");
        network.eval();
        using var folded = new FrozenBackbone(network);
        var images = fixture.Tensor($"{architecture.Name}.image");
        var taps = Array.ConvertAll(Taps, tap => tap.Tap);
        return [.. Compare(network.call(images, taps), ""), .. Compare(folded.Features(images, taps), " (folded)")];

        IEnumerable<ParityResult> Compare(Tensor[] features, string note) =>
            Taps.SelectMany((tap, i) => fixture.Compare($"{architecture.Name}.{tap.Name}", features[i], Tolerance, note));
    }
}
