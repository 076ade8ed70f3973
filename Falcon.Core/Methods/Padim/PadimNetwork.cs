using Falcon.Backbones;
using Falcon.Randomness;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>PaDiM's Gaussians over channels drawn from layer1 to layer3.</summary>
internal sealed class PadimNetwork : FittedNetwork
{
    private readonly PadimOptions _options;
    private readonly long[] _channels;

    public PadimNetwork(PadimOptions options, Teacher teacher, MasterSeed seed) : base(options, teacher)
    {
        _options = options;
        int[] all = [.. Enumerable.Range(0, options.ScoringNeeds.Taps.Sum(teacher.Architecture.Channels))];
        seed.Stream("padim-channels").Shuffle<int>(all);
        _channels = [.. all.Take(options.Channels).Order()];
        var side = options.InputSize / ResNetArchitecture.Stride(BackboneTap.Layer1);
        Gaussians = new(side, side, _channels.Length);
    }

    public PositionGaussians Gaussians { get; }

    public override IReadOnlyList<(string Prefix, nn.Module Module)> Parts => [("gaussians", Gaussians)];

    protected override Tensor Embed(TeacherFeatures features)
    {
        using var scope = NewDisposeScope();
        var first = features[BackboneTap.Layer1];
        var joined = features.Taps.Select(tap => interpolate(features[tap], first.shape[2..], mode: InterpolationMode.Nearest));
        return cat([.. joined], dim: 1).index_select(1, tensor(_channels, device: first.device)).MoveToOuterDisposeScope();
    }

    protected override Tensor Distances(Tensor embedding) => Gaussians.call(embedding);

    protected override void Fit(Tensor embeddings) => Gaussians.Fit(embeddings, _options.Regularisation);
}
