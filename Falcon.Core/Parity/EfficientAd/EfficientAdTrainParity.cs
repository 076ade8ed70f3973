using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>train.safetensors</c>: losses and three steps of the full method, of its student half and of the lite form.</summary>
internal static class EfficientAdTrainParity
{
    private const double Tolerance = 1e-4;
    private const int ChannelsOfDropout = 64;

    private static readonly EfficientAdOptions Options = new();

    public static IEnumerable<ParityResult> Replay(string folder, Teacher teacher)
    {
        using var fixture = new ParityFixture(folder, "train.safetensors");
        return [.. Full(fixture, teacher), .. Quick(fixture, teacher), .. Lite(fixture, teacher)];
    }

    private static List<ParityResult> Full(ParityFixture fixture, Teacher teacher)
    {
        var (image, augmented, penalty) = (Image("st_u8"), Image("ae_u8"), Image("penalty_u8"));
        using var images = TrainingImages.Of(Options.TrainingNeeds, teacher, cat([image, penalty]), ["x", "p"]);
        using var network = EfficientAdParity.Filled(Options, teacher);
        var draws = new GivenDraws(images, augmented, penalty);
        using var run = new EfficientAdTraining(Options, network, images, draws);
        List<ParityResult> results =
        [
            .. fixture.Compare("teacher_mean", network.Statistics.Mean, Tolerance),
            .. fixture.Compare("teacher_std", network.Statistics.Deviation, Tolerance),
            .. Start(fixture, network, images, augmented, penalty),
        ];

        network.Train(true);
        draws.Masks = [.. Enumerable.Range(0, 6).Select(i => Bits(fixture, $"dropout.mask{i}"))];
        using (no_grad())
        {
            var (autoencoder, imitation) = run.AutoencoderLosses(augmented, 0);
            results.AddRange(fixture.Compare("dropout.loss0.ae", autoencoder, Tolerance));
            results.AddRange(fixture.Compare("dropout.loss0.stae", imitation, Tolerance));
        }
        draws.Masks = null;

        var replay = new RecipeReplay(fixture, run, [0]) { WeightTolerance = Options.LearningRate / 2 };
        results.AddRange(replay.Replay("full", ("student.", network.Student), ("ae.", network.Autoencoder!)));
        var terms = new[] { "hard", "penalty", "autoencoder", "imitation" }.Select(replay.Column);
        results.AddRange(fixture.Compare("full.terms_losses", stack(terms, dim: 1), replay.Tolerance));
        foreach (var (stored, loss) in new[] { ("hard", "hard"), ("penalty", "penalty"), ("ae", "autoencoder"), ("stae", "imitation"), ("total", "loss") })
            results.AddRange(fixture.Compare($"loss0.{stored}", replay.Column(loss)[..1], Tolerance));
        return results;

        Tensor Image(string name) => EfficientAdParity.Image(fixture, name);
    }

    private static IEnumerable<ParityResult> Start(
        ParityFixture fixture, EfficientAdNetwork network, TrainingImages images, Tensor augmented, Tensor penalty)
    {
        using var frozen = no_grad();
        var teacher = images.Features[BackboneTap.Patches].narrow(0, 0, 1);
        var student = network.Student.Describe(images.Pixels!.narrow(0, 0, 1));
        var code = network.Autoencoder!.Code(augmented);
        var elements = (network.Statistics.call(teacher) - student.chunk(2, 1)[0]).square();
        var threshold = EfficientAdStatistics.Quantile(elements, Options.EasyShare);
        return
        [
            .. fixture.Compare("teacher.out", teacher, Tolerance),
            .. fixture.Compare("student.out", student, Tolerance),
            .. fixture.Compare("ae.code", code, Tolerance),
            .. fixture.Compare("ae.out", network.Autoencoder.Decode(code, null), Tolerance),
            .. fixture.Compare("loss0.q", threshold, Tolerance),
            .. fixture.Compare("loss0.count", elements.ge(threshold).sum(), 0),
        ];
    }

    private static List<ParityResult> Quick(ParityFixture fixture, Teacher teacher)
    {
        var penalty = EfficientAdParity.Image(fixture, "quick.penalty_u8");
        using var images = TrainingImages.Of(Options.TrainingNeeds, teacher, EfficientAdParity.Image(fixture, "quick.st_u8"), ["a", "b"]);
        using var network = EfficientAdParity.Filled(Options, teacher);
        network.Statistics.Fit(images.Features[BackboneTap.Patches]);
        using var run = new StudentHalf(network, images, penalty);
        return new RecipeReplay(fixture, run, [0, 1]) { WeightTolerance = Options.LearningRate / 2 }.Replay("quick", ("student.", network.Student));
    }

    private static List<ParityResult> Lite(ParityFixture fixture, Teacher teacher)
    {
        var options = new EfficientAdOptions(EfficientAdOptions.Lite) { Schedule = RateSchedule.Constant };
        using var images = TrainingImages.Of(options.TrainingNeeds, teacher, EfficientAdParity.Image(fixture, "quick.st_u8"), ["a", "b"]);
        using var network = EfficientAdParity.Filled(options, teacher, "lite.");
        using var run = new EfficientAdLiteTraining(options, network, images);
        return new RecipeReplay(fixture, run, [0, 1]) { WeightTolerance = options.LearningRate / 2 }.Replay("lite", ("student.", network.Student));
    }

    /// <summary>Bits, lowest first, as 1 and 0: (1, 64, side, side).</summary>
    private static Tensor Bits(ParityFixture fixture, string name)
    {
        float[] bits = [.. fixture.Longs(name).SelectMany(value => Enumerable.Range(0, 8).Select(bit => (float)(value >> bit & 1)))];
        var side = (int)Math.Sqrt(bits.Length / ChannelsOfDropout);
        return tensor(bits, [1, ChannelsOfDropout, side, side]);
    }

    /// <summary>Draws that the fixture gives.</summary>
    private sealed class GivenDraws(TrainingImages images, Tensor augmented, Tensor penalty) : EfficientAdDraws(Options, images, new MasterSeed(0))
    {
        /// <summary>What dropout keeps, layer by layer; null for all.</summary>
        public Tensor[]? Masks { get; set; }

        public override Tensor Augmented(long step, ReadOnlySpan<int> batch) => augmented;

        public override Tensor? Penalties(long step, int count) => penalty;

        public override Tensor? Kept(long step, int layer, long[] shape) => Masks?[layer];
    }

    /// <summary>The student's losses on the teacher alone.</summary>
    private sealed class StudentHalf(EfficientAdNetwork network, TrainingImages images, Tensor penalty)
        : DistillationTraining(Options, Adam(Options, network.Student.parameters()))
    {
        public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch) =>
            [(Loss, network.Hard(images.Batch(batch)) + network.Loudness(penalty))];
    }
}
