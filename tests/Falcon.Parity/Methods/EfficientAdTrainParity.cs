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

    private static readonly EfficientAdOptions Published = new(), Lite = new EfficientAdOptions(EfficientAdOptions.Lite) { Schedule = RateSchedule.Constant };

    public static void Run(ParityFixture fixture)
    {
        using var teacher = fixture.Teacher(PatchDescriptionNetwork.Small, BackboneTap.Layer3, "teacher.");
        Full(fixture, teacher);

        var (input, penalty) = (fixture.Images8("quick.st_u8"), fixture.Images8("quick.penalty_u8"));
        using var images = ParityFixture.Training(Published.TrainingNeeds, teacher, input);
        using (var network = fixture.Network<EfficientAdNetwork>(Published, teacher))
        {
            network.Statistics.Fit(images.Features[BackboneTap.Patches]);
            var run = new StudentHalf(network, images, penalty);
            new RecipeReplay(fixture, run, images.Count) { WeightTolerance = Published.LearningRate / 2 }.Replay("quick", ("student.", network.Student));
        }
        using (var network = fixture.Network<EfficientAdNetwork>(Lite, teacher, "lite."))
            RecipeReplay.Of(fixture, Lite, network, images).Replay("lite", ("student.", network.Student));
    }

    private static void Full(ParityFixture fixture, Teacher teacher)
    {
        var (image, augmented, penalty) = (Images("st_u8"), Images("ae_u8"), Images("penalty_u8"));
        var options = new EfficientAdOptions(Published) { InputSize = ParityFixture.SizeOf(image) };
        using var images = ParityFixture.Training(options.TrainingNeeds, teacher, cat([image, penalty]));
        using var network = fixture.Network<EfficientAdNetwork>(options, teacher);
        var draws = new GivenDraws(fixture, images, augmented, penalty);
        var run = new EfficientAdTraining(options, network, images, draws);
        fixture.Check("teacher_mean", network.Statistics.Mean, Tolerance);
        fixture.Check("teacher_std", network.Statistics.Deviation, Tolerance);
        Start(fixture, network, images.Batch([.. Enumerable.Range(0, (int)image.shape[0])]), augmented);

        network.Train(true);
        using (no_grad())
        {
            draws.DropsOut = true;
            var (autoencoder, imitation) = run.AutoencoderLosses(augmented, 0);
            fixture.Check("dropout.loss0.ae", autoencoder, Tolerance);
            fixture.Check("dropout.loss0.stae", imitation, Tolerance);
            draws.DropsOut = false;
        }

        var replay = new RecipeReplay(fixture, run, (int)image.shape[0]) { WeightTolerance = options.LearningRate / 2 }
            .Replay("full", ("student.", network.Student), ("ae.", network.Autoencoder!));
        replay.CheckColumns("full.terms_losses", "hard", "penalty", "autoencoder", "imitation");
        foreach (var (stored, loss) in new[] { ("hard", "hard"), ("penalty", "penalty"), ("ae", "autoencoder"), ("stae", "imitation"), ("total", "loss") })
            fixture.Check($"loss0.{stored}", replay.Column(loss)[..1], Tolerance);

        Tensor Images(string name) => fixture.Images8(name, EfficientAdParity.RecordedImages, EfficientAdParity.RecordedSize);
    }

    private static void Start(ParityFixture fixture, EfficientAdNetwork network, NetworkInput input, Tensor augmented)
    {
        using var frozen = no_grad();
        var teacher = input.Features[BackboneTap.Patches];
        var student = network.Student.Describe(input.Pixels!);
        var code = network.Autoencoder!.Code(augmented);
        var elements = (network.Statistics.call(teacher) - student.chunk(2, 1)[0]).square();
        var threshold = EfficientAdStatistics.Quantile(elements, Published.EasyShare);
        fixture.Check("teacher.out", teacher, Tolerance);
        fixture.Check("student.out", student, Tolerance);
        fixture.Check("ae.code", code, Tolerance);
        fixture.Check("ae.out", network.Autoencoder.Decode(code, null), Tolerance);
        fixture.Check("loss0.q", threshold, Tolerance);
        fixture.Check("loss0.count", elements.ge(threshold).sum(), 0);
    }

    /// <summary>Draws that the fixture gives.</summary>
    private sealed class GivenDraws(ParityFixture fixture, TrainingImages images, Tensor augmented, Tensor penalty)
        : EfficientAdDraws(Published, images, new MasterSeed(0))
    {
        /// <summary>Whether dropout keeps what <c>dropout.mask*</c> say, layer by layer; otherwise it keeps all.</summary>
        public bool DropsOut { get; set; }

        public override Tensor Augmented(long step, ReadOnlySpan<int> batch) => augmented;

        public override Tensor? Penalties(long step, int count) => penalty;

        public override Tensor? Kept(long step, int layer, long[] shape)
        {
            if (!DropsOut)
                return null;
            var (name, count) = ($"dropout.mask{layer}", shape.Aggregate(1L, (product, side) => product * side));
            var bytes = fixture.Input(name, () => (fixture.Uniform(name, (count + 7) / 8) * 256).to(ScalarType.Byte));
            // Bits, lowest first.
            var bits = tensor(new[] { 1, 2, 4, 8, 16, 32, 64, 128 });
            return bytes.to(ScalarType.Int32).unsqueeze(1).bitwise_and(bits).gt(0).flatten().narrow(0, 0, count).reshape(shape).to(ScalarType.Float32);
        }
    }

    /// <summary>The student's losses on the teacher alone.</summary>
    private sealed class StudentHalf(EfficientAdNetwork network, TrainingImages images, Tensor penalty)
        : DistillationTraining(Published, Adam(Published, network.Student.parameters()))
    {
        public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch) =>
            [(Loss, network.Hard(images.Batch(batch)) + network.Loudness(penalty))];
    }
}
