using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Pretraining;

/// <summary>The network that is pre-trained, padded so that its output lies on the classifier's, and the measured channels.</summary>
internal sealed class PdnPretrainingNetwork : PretrainingNetwork
{
    public PdnPretrainingNetwork(PdnPretrainingOptions options, Teacher teacher, MasterSeed seed) : base(options, teacher)
    {
        Described = new(options.Size, PatchDescriptionNetwork.TeacherChannels, padded: true);
        InitialWeights.PyTorch(Described, seed, "pdn");
    }

    public PatchDescriptionNetwork Described { get; }

    public EfficientAdStatistics Statistics { get; } = new(PatchDescriptionNetwork.TeacherChannels);

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("pdn", Described), ("statistics", Statistics)];
}
