using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays EfficientAD's fixtures (specification, section 9).</summary>
public sealed class EfficientAdParity : IParitySuite
{
    /// <inheritdoc/>
    public string Name => "efficientad";

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder)
    {
        using var scope = NewDisposeScope();
        using var teacher = Teacher(PatchDescriptionNetwork.Small, "teacher.");
        return
        [
            .. EfficientAdTrainParity.Replay(folder, teacher), .. EfficientAdPretrainingParity.Replay(folder),
            .. EfficientAdInferParity.Replay(folder, teacher),
        ];
    }

    /// <summary>A teacher filled by the weight rule.</summary>
    internal static Teacher Teacher(string backbone, string prefix) =>
        Backbones.Teacher.Of(backbone, BackboneTap.Layer3, "parity rule", (_, module) => ParityWeights.Fill(module, prefix));

    /// <summary>A network filled by the weight rule, in evaluation mode.</summary>
    internal static EfficientAdNetwork Filled(EfficientAdOptions options, Teacher teacher, string prefix = "")
    {
        var network = new EfficientAdNetwork(options, teacher, new MasterSeed(0));
        ParityWeights.Fill(network.Student, $"{prefix}student.");
        if (network.Autoencoder is not null)
            ParityWeights.Fill(network.Autoencoder, $"{prefix}ae.");
        network.Train(false);
        return network;
    }

    /// <summary>A stored 8-bit image as network input.</summary>
    internal static Tensor Image(ParityFixture fixture, string name) => ParityImages.Normalised(fixture.Tensor(name).to(ScalarType.Float32) / 255);
}
