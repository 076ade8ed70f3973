using Falcon.Randomness;
using Falcon.Weights;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>The amplification of all three levels, which makes an advanced teacher of a teacher. Names: <c>feat_recons_a</c>, <c>feat_recons_b</c>,
/// <c>feat_recons_c</c>.</summary>
internal sealed class AmplifiedLevels : Module<Tensor[], Tensor[]>, IPartialNetwork
{
    private const string Prefix = "feat_recons_";

    /// <param name="channels">Of each level.</param>
    public AmplifiedLevels(IEnumerable<int> channels) : base(nameof(AmplifiedLevels))
    {
        Levels = [.. channels.Select(count => new ResidualAmplification(count))];
        for (var i = 0; i < Levels.Count; i++)
            register_module($"{Prefix}{"abc"[i]}", Levels[i]);
    }

    /// <summary>From the teacher's first tap to its last.</summary>
    public IReadOnlyList<ResidualAmplification> Levels { get; }

    /// <summary>The authors' checkpoints hold the whole teacher.</summary>
    bool IPartialNetwork.LeavesOut(string name) => !name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Draws the initial weights.</summary>
    public void Draw(MasterSeed seed)
    {
        for (var i = 0; i < Levels.Count; i++)
            Levels[i].Draw(seed, $"amplification.{Prefix}{"abc"[i]}");
    }

    /// <summary>The advanced features of the teacher's.</summary>
    public override Tensor[] forward(Tensor[] features) => [.. features.Select((level, i) => Levels[i].call(level))];
}
