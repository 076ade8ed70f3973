using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>The target of pre-training and three of its steps, in <c>train.safetensors</c>.</summary>
internal static class EfficientAdPretrainingParity
{
    private const double Tolerance = 1e-4;

    public static void Run(ParityFixture fixture)
    {
        var image = fixture.Images8("pre.image_u8");
        var (n, height, width) = (image.shape[0], image.shape[2] / 4, image.shape[3] / 4);
        var layer2 = fixture.Input("pre.layer2", () => fixture.Uniform("pre.layer2", n, 24, height, width));
        var layer3 = fixture.Input("pre.layer3", () => fixture.Uniform("pre.layer3", n, 40, height / 2, width / 2));
        var target = PretrainingTarget.Of(layer2, layer3);
        fixture.Check("pre.embedding", target, Tolerance);

        using var statistics = new EfficientAdStatistics(target.shape[1]);
        statistics.Fit(target);
        using var network = new PatchDescriptionNetwork(PdnSize.Small, PatchDescriptionNetwork.TeacherChannels, padded: true);
        fixture.Fill(network, "pre.pdn.");
        var run = new Imitation(network, image, statistics.call(target));
        new RecipeReplay(fixture, run, (int)n) { WeightTolerance = Imitation.Options.LearningRate / 2 }.Replay("pre", ("", network));
    }

    /// <summary>The network on these images.</summary>
    private sealed class Imitation(PatchDescriptionNetwork network, Tensor images, Tensor target)
        : DistillationTraining(Options, Adam(Options, network.parameters()))
    {
        public static readonly EfficientAdOptions Options = new();

        public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch) =>
            [(Loss, (target - network.Describe(images)).square().mean())];
    }
}
