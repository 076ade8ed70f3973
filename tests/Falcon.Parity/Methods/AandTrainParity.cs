using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary><c>train.safetensors</c>: three steps of either stage on the same images, in float64.</summary>
internal static class AandTrainParity
{
    private const int RecordedSteps = 3;

    private static readonly (string Stored, string Loss)[] LossNames =
        [("focal", "focal"), ("amplify", "amplification"), ("total", "loss"), ("P", "precision"), ("R", "recall")];

    public static void Run(ParityFixture fixture)
    {
        var normal = fixture.Images("in.normal");
        using var teacher = AandParity.Teacher(fixture, BackboneCatalog.Compact, normal);
        var (count, height, width) = (normal.shape[0], normal.shape[2], normal.shape[3]);
        var options = new AandOptions { Backbone = teacher.Provenance.Backbone, InputSize = ParityFixture.SizeOf(normal) };
        var defect = fixture.Input("in.anomaly_mask", () => Rectangles(5, 3));
        var foreground = fixture.Input("in.fore_mask", () => Rectangles(1, 6));
        var showing = fixture.Input("in.beta", () => fixture.Uniform("in.beta", count) * 0.8);
        var image = DefectSynthesis.Blend(normal, fixture.Images("in.texture"), defect, showing.reshape(-1, 1, 1, 1));
        fixture.Check("in.image", image, AandParity.Tolerance);

        AmplificationStage(fixture, options, teacher, AmplificationSample.Of(Features(fixture, options, image), defect, foreground));
        DistillationStage(fixture, options, teacher, Features(fixture, options, normal));

        // Of each image, a block that begins at a sixteenth of either side times a number and is as long as another number says.
        Tensor Rectangles(int start, int length)
        {
            var mask = zeros(count, 1, height, width);
            for (var i = 0; i < count; i++)
                mask[i, 0].narrow(0, height * start / 16, height * (length + i) / 16).narrow(1, width * start / 16, width * (2 * length - i) / 16).fill_(1);
            return mask;
        }
    }

    private static void AmplificationStage(ParityFixture fixture, AandOptions options, Teacher teacher, AmplificationSample sample)
    {
        var (first, levels) = ((AandAmplificationOptions)options.Foundation, sample.Levels);
        using var network = (AandAmplificationNetwork)first.CreateNetwork(teacher, new MasterSeed(0));
        var modules = network.Amplification.Levels;
        network.Amplification.to(ScalarType.Float64);
        AandParity.Fill(fixture, network.Amplification);
        network.Train(true);
        using (no_grad())
        {
            var gates = modules.Select((module, i) => module.Gate(levels[i])).ToArray();
            AandParity.Check(fixture, "s1.teacher", levels);
            AandParity.CheckGates(fixture, "s1.gate", gates);
            AandParity.Check(fixture, "s1.advanced", modules.Select((module, i) => module.Advanced(levels[i], sample.Masks[i].Defect.squeeze(1))));
            AandParity.Check(fixture, "s1.advanced_free", network.Amplification.call([.. levels]));
            AandParity.Check(fixture, "s1.mask", sample.Masks.Select(masks => masks.Defect));
            AandParity.Check(fixture, "s1.fore", sample.Masks.Select(masks => masks.Foreground));
            fixture.Check("s1.focal_per_level", stack(gates.Select((gate, i) => AmplificationLosses.Focal(gate, sample.Masks[i].Defect))), AandParity.Tolerance);
        }

        using (no_grad())
        using (var empty = Training(sample with { Masks = [.. sample.Masks.Select(masks => masks with { Defect = zeros_like(masks.Defect) })] }))
        {
            var losses = empty.Losses(Moment(0), []).ToDictionary(loss => loss.Name, loss => loss.Value);
            fixture.Check("s1.empty_mask.focal", losses["focal"].reshape(1), AandParity.Tolerance);
            fixture.Check("s1.empty_mask.amplify", losses["amplification"].reshape(1), AandParity.Tolerance);
        }

        using var run = Training(sample);
        var steps = Steps(fixture, "s1.step.total");
        var rows = new List<Dictionary<string, double>>();
        for (var step = 0; step < steps; step++)
        {
            var moved = Moved();
            rows.Add(new(run.Step(Moment(step), [], new()).ToDictionary()) { ["afnorm"] = moved });
            if (step == 0)
                fixture.CheckGradients("s1.grad.", network.Amplification, AandParity.Tolerance);
            if (step == 0 || step == steps - 1)
                fixture.CheckGradients($"s1.after{step + 1}.", network.Amplification.state_dict().Select(entry => (entry.Key, entry.Value)), AandParity.Tolerance);
        }
        CheckRows("s1.step");
        using var frozen = no_grad();
        rows.Add(new(run.Losses(Moment(steps), []).ToDictionary(loss => loss.Name, loss => loss.Value.ToDouble())) { ["afnorm"] = Moved() });
        CheckRows("s1.then");

        AandAmplificationTraining Training(AmplificationSample of) => new(first, network, new Recorded(of));

        // How far defective positions are moved, which the authors' code logs.
        double Moved()
        {
            using var still = no_grad();
            return stack(modules.Select((module, i) =>
            {
                var residual = module.Residual(levels[i]).permute(0, 2, 3, 1).reshape(-1, levels[i].shape[1]);
                return residual.index_select(0, tensor(sample.Masks[i].Defective)).square().mean();
            })).mean().ToDouble();
        }

        void CheckRows(string prefix)
        {
            foreach (var (stored, loss) in LossNames.Append(("afnorm", "afnorm")))
                fixture.Check($"{prefix}.{stored}", tensor(rows.Select(row => row[loss]).ToArray()), AandParity.Tolerance);
            rows.Clear();
        }
    }

    private static void DistillationStage(ParityFixture fixture, AandOptions options, Teacher teacher, Tensor[] levels)
    {
        using var network = (AandNetwork)options.CreateNetwork(teacher, new MasterSeed(0));
        foreach (var (_, module) in network.Parts)
            module.to(ScalarType.Float64);
        AandParity.Fill(fixture, network);
        network.Train(true);
        string[] names = [.. Enumerable.Range(0, (int)levels[0].shape[0]).Select(i => $"{i}")];
        using var images = new TrainingImages(
            null, new TeacherFeatures(options.ScoringNeeds.Taps, levels).Detached(), [.. names.Select(_ => Array.Empty<Weights.StoredTensor>())], names);
        using var run = new AandTraining(options, network, images);
        using (no_grad())
        {
            var targets = network.Advanced(images.Features);
            var restored = network.Restored(targets);
            AandParity.Check(fixture, "s2.target", targets);
            fixture.Check("s2.embedding", network.Code(targets), AandParity.Tolerance);
            AandParity.Check(fixture, "s2.student", restored);
            fixture.Check("s2.hard_per_level", stack(targets.Zip(restored, run.Hard)), AandParity.Tolerance);
            fixture.Check("s2.global_per_level", stack(targets.Zip(restored, (a, b) => FeatureDistance.WholeCosine(a, b).mean())), AandParity.Tolerance);
        }

        AandParity.Fill(fixture, network);
        int[] batch = [.. Enumerable.Range(0, names.Length)];
        var steps = Steps(fixture, "s2.step.loss");
        var losses = new List<double>();
        for (var step = 0; step < steps; step++)
        {
            losses.Add(run.Step(Moment(step), batch, new())[0].Value);
            if (step == 0 || step == steps - 1)
                foreach (var (part, module) in network.Parts.Skip(1))
                    fixture.CheckGradients($"s2.after{step + 1}.{part}.", module.state_dict().Select(entry => (entry.Key, entry.Value)), AandParity.Tolerance);
        }
        fixture.Check("s2.step.loss", tensor(losses.ToArray()), AandParity.Tolerance);
        using var frozen = no_grad();
        fixture.Check("s2.then.loss", run.Losses(Moment(steps), batch)[0].Value.reshape(1), AandParity.Tolerance);
    }

    /// <summary>The teacher's features in float64.</summary>
    private static Tensor[] Features(ParityFixture fixture, AandOptions options, Tensor images)
    {
        using var frozen = no_grad();
        using var network = new ResNet(BackboneCatalog.Find(options.Backbone), BackboneTap.Layer3);
        fixture.Fill(network, AandParity.TeacherPrefix(fixture, tower: false));
        network.to(ScalarType.Float64);
        network.eval();
        return network.call(images.to(ScalarType.Float64), [.. options.ScoringNeeds.Taps]);
    }

    private static int Steps(ParityFixture fixture, string stored) => (int)(fixture.ShapeOf(stored, [RecordedSteps])?[0] ?? RecordedSteps);

    private static TrainingMoment Moment(int step) => new(0, 100, step, RecordedSteps + 1);

    /// <summary>The same sample at every step, of which every position counts.</summary>
    private sealed class Recorded(AmplificationSample sample) : IAmplificationDraws
    {
        public AmplificationSample Draw(TrainingMoment moment, ReadOnlySpan<int> batch) => sample;

        public long[] Choose(TrainingMoment moment, string kind, long[] positions, int most) => positions;
    }
}
