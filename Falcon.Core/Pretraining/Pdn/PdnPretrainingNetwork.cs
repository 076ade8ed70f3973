using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Pretraining;

/// <summary>The network that is pre-trained, padded so that its output lies on the classifier's, and the measured channels.</summary>
internal sealed class PdnPretrainingNetwork : PretrainingNetwork
{
    private readonly PdnPretrainingOptions _options;

    public PdnPretrainingNetwork(PdnPretrainingOptions options, Teacher teacher, MasterSeed seed) : base(options, teacher)
    {
        _options = options;
        Described = new(options.Size, PatchDescriptionNetwork.TeacherChannels, padded: true);
        InitialWeights.PyTorch(Described, seed, "pdn");
    }

    public PatchDescriptionNetwork Described { get; }

    public EfficientAdStatistics Statistics { get; } = new(PatchDescriptionNetwork.TeacherChannels);

    protected override PretrainingRun Start(IReadOnlyList<string> files, MasterSeed seed) => new PdnPretrainingRun(_options, this, files, seed);

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("pdn", Described), ("statistics", Statistics)];
}
