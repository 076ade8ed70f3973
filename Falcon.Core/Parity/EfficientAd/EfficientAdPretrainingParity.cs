using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>The target of pre-training and three of its steps, in <c>train.safetensors</c>.</summary>
internal static class EfficientAdPretrainingParity
{
    private const double Tolerance = 1e-4;

    public static IEnumerable<ParityResult> Replay(string folder)
    {
        using var fixture = new ParityFixture(folder, "train.safetensors");
        var target = PretrainingTarget.Of(fixture.Tensor("pre.layer2"), fixture.Tensor("pre.layer3"));
        using var statistics = new EfficientAdStatistics(target.shape[1]);
        statistics.Fit(target);
        using var network = new PatchDescriptionNetwork(PdnSize.Small, PatchDescriptionNetwork.TeacherChannels, padded: true);
        ParityWeights.Fill(network, "pre.pdn.");
        using var run = new Imitation(network, EfficientAdParity.Image(fixture, "pre.image_u8"), statistics.call(target));
        return
        [
            .. fixture.Compare("pre.embedding", target, Tolerance),
            .. new RecipeReplay(fixture, run, [0]) { WeightTolerance = Imitation.Options.LearningRate / 2 }.Replay("pre", ("", network)),
        ];
    }

    /// <summary>The network on one image.</summary>
    private sealed class Imitation(PatchDescriptionNetwork network, Tensor image, Tensor target)
        : DistillationTraining(Options, Adam(Options, network.parameters()))
    {
        public static readonly EfficientAdOptions Options = new();

        public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch) =>
            [(Loss, (target - network.Describe(image)).square().mean())];
    }
}
