using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays RD++'s fixtures (specification, section 9): training in float64, inference in float32 as the product computes.</summary>
public sealed class ReverseDistillationPlusParity : FixtureSuite
{
    private const double Tolerance = 1e-4;
    private const string ResNet18 = "resnet18", Wide = "wide_resnet50_2";

    private static readonly string[] Levels = ["a", "b", "c"];

    private static readonly (string Stored, string Loss)[] LossNames =
    [
        ("total", "loss"), ("proj", "projection"), ("distill", "distillation"), ("reconstruct", "reconstruction"), ("contrast", "contrast"),
        ("ssot_pairwise", "transport"),
    ];

    private static readonly ReverseDistillationPlusOptions Published = new();

    /// <inheritdoc/>
    public override string Name => "rdpp";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts =>
    [
        (TrainFile, Train),
        (InferFile, fixture => Infer(fixture, ResNet18, null)),
        ("infer_wrn50.safetensors", fixture => Infer(fixture, Wide, 1)),
        ("synth.safetensors", ReverseDistillationPlusDraws.Run),
    ];

    private static void Train(ParityFixture fixture)
    {
        var data = new RecordedBatches(fixture);
        using var images = data.Images;
        using var teacher = Teacher(fixture, ResNet18);
        using var network = fixture.Network<ReverseDistillationPlusNetwork>(Published, teacher, Prefix(fixture));
        foreach (var (_, module) in network.Parts)
            module.to(ScalarType.Float64);
        network.Train(true);
        for (var batch = 0; batch < data.Count; batch++)
            Forward(fixture, network, data, batch);
        Gradients(fixture, network, data);
        fixture.Refill(network, Prefix(fixture));
        Steps(fixture, network, data);
        Units(fixture);
    }

    private static void Forward(ParityFixture fixture, ReverseDistillationPlusNetwork network, RecordedBatches data, int batch)
    {
        using var frozen = no_grad();
        var (teacher, noised) = data.Layers(batch);
        var (projected, projectedNoised) = (network.Project(teacher), network.Project(noised));
        var code = network.Code(projected);
        CheckLevels(fixture, $"b{batch}.teacher", teacher);
        CheckLevels(fixture, $"b{batch}.teacher_noise", noised);
        CheckLevels(fixture, $"b{batch}.proj", projected);
        CheckLevels(fixture, $"b{batch}.proj_noise", projectedNoised);
        CheckLevels(fixture, $"b{batch}.student", network.Student.call(code));
        fixture.Check($"b{batch}.embedding", code, Tolerance);
        CheckLosses("reconstruct", projectedNoised.Zip(projected, ProjectionLosses.Reconstruction));
        CheckLosses("contrast", noised.Zip(projected, ProjectionLosses.Contrast));
        CheckLosses("ssot_pairwise", projected.Select(data.Transport));

        void CheckLosses(string name, IEnumerable<Tensor> levels) => fixture.Check($"b{batch}.loss.{name}_per_level", stack(levels), Tolerance);
    }

    /// <summary>The gradients of all batches added up.</summary>
    private static void Gradients(ParityFixture fixture, ReverseDistillationPlusNetwork network, RecordedBatches data)
    {
        using var run = new ReverseDistillationPlusTraining(Published, network, data.Images, data);
        for (var batch = 0; batch < data.Count; batch++)
            run.Losses(data.Moment(0, batch), data.Batch(batch))[0].Value.backward();
        foreach (var (part, module) in network.Parts)
        {
            fixture.CheckGradients($"grad.{part}.", module, Tolerance);
            module.zero_grad(set_to_none: true);
        }
    }

    private static void Steps(ParityFixture fixture, ReverseDistillationPlusNetwork network, RecordedBatches data)
    {
        var steps = (int)(fixture.ShapeOf("step.total", [1, data.Count])?[0] ?? 1);
        using var run = new ReverseDistillationPlusTraining(
            new ReverseDistillationPlusOptions(Published) { Accumulation = data.Count }, network, data.Images, data);
        var losses = new List<Dictionary<string, double>>();
        for (var step = 0; step < steps; step++)
        {
            for (var batch = 0; batch < data.Count; batch++)
                Add(Transport(batch), run.Step(data.Moment(step, batch), data.Batch(batch), new()));
            foreach (var (part, module) in network.Parts)
                fixture.CheckGradients($"after{step + 1}.{part}.", module.state_dict().Select(entry => (entry.Key, entry.Value)), Tolerance);
        }
        CheckLosses("step");
        using var frozen = no_grad();
        for (var batch = 0; batch < data.Count; batch++)
            Add(Transport(batch), run.Losses(data.Moment(steps, batch), data.Batch(batch)).Select(loss => (loss.Name, loss.Value.ToDouble())));
        CheckLosses("then");

        void Add(double transport, IEnumerable<(string Name, double Value)> named) => losses.Add(new(named.ToDictionary()) { ["transport"] = transport });

        // The fixture's steps go without it.
        double Transport(int batch)
        {
            using var frozen = no_grad();
            return stack(network.Project(data.Layers(batch).Clean).Select(data.Transport)).sum().ToDouble();
        }

        void CheckLosses(string rows)
        {
            foreach (var (name, loss) in LossNames)
                fixture.Check($"{rows}.{name}", tensor(losses.Select(values => values[loss]).ToArray(), [losses.Count / data.Count, data.Count]), Tolerance);
            losses.Clear();
        }
    }

    private static void Units(ParityFixture fixture)
    {
        var x = fixture.Input("unit.contrast.x", () => fixture.Uniform("unit.contrast.x", 4, 12) - 0.3).to(ScalarType.Float64);
        var y = fixture.Input("unit.contrast.y", () => fixture.Uniform("unit.contrast.y", 4, 12) - 0.3).to(ScalarType.Float64);
        fixture.Check("unit.contrast.value", ProjectionLosses.Contrast(x, y), Tolerance);
        fixture.Check("unit.reconstruct.value", ProjectionLosses.Reconstruction(x.reshape(2, 4, 3, 2), y.reshape(2, 4, 3, 2)), Tolerance);
    }

    private static void Infer(ParityFixture fixture, string backbone, int? count)
    {
        using var frozen = no_grad();
        using var teacher = Teacher(fixture, backbone);
        var images = fixture.Images("in.image", count);
        using var raw = Network(SmoothingKind.None);
        var layers = teacher.Features(images.narrow(0, 0, 1), ReverseDistillationOptions.Taps);
        var projected = raw.Project(layers);
        var restored = raw.Restore(projected);
        CheckLevels(fixture, "teacher", layers);
        CheckLevels(fixture, "proj", projected);
        CheckLevels(fixture, "student", restored);
        fixture.Check("distill_loss", stack(layers.Zip(restored, ProjectionLosses.Distillation)).sum(), Tolerance);
        fixture.Check("map_raw", raw.Map(images), Tolerance);
        using var smooth = Network(Published.Smoothing);
        var map = smooth.Map(images);
        fixture.Check("map", map, Tolerance);
        fixture.Check("score", map.amax(1, 2), Tolerance);

        ReverseDistillationPlusNetwork Network(SmoothingKind smoothing) => fixture.Network<ReverseDistillationPlusNetwork>(
            new ReverseDistillationPlusOptions(Published) { InputSize = ParityFixture.SizeOf(images), Smoothing = smoothing }, teacher, Prefix(fixture));
    }

    private static string Prefix(ParityFixture fixture) => fixture.Setting("prefix", "rdpp.");

    private static string TeacherPrefix(ParityFixture fixture) => $"{Prefix(fixture)}teacher.";

    private static string Backbone(ParityFixture fixture, string usual) => fixture.Setting("backbone", usual);

    private static Teacher Teacher(ParityFixture fixture, string usual) =>
        fixture.Teacher(Backbone(fixture, usual), BackboneTap.Layer3, TeacherPrefix(fixture));

    private static void CheckLevels(ParityFixture fixture, string name, Tensor[] levels)
    {
        foreach (var (i, level) in Levels.Index())
            fixture.Check($"{name}.{level}", levels[i], Tolerance);
    }

    /// <summary>The fixture's batches one after another, with their noised copies and the teacher's features of both, in float64.</summary>
    private sealed class RecordedBatches : ITrainingDraws
    {
        private readonly Tensor[][] _clean, _noised;
        private readonly Tensor _partners;
        private readonly int _images;

        public RecordedBatches(ParityFixture fixture)
        {
            Count = (int)(fixture.ShapeOf("step.total", [1, 2])?[1] ?? 2);
            using var frozen = no_grad();
            using var network = new ResNet(BackboneCatalog.Find(Backbone(fixture, ResNet18)), BackboneTap.Layer3);
            fixture.Fill(network, TeacherPrefix(fixture));
            network.to(ScalarType.Float64);
            network.eval();
            _clean = Features("in.image");
            _noised = Features("in.image_noise");
            _images = (int)_clean[0][0].shape[0];
            _partners = fixture.Input("in.shuffle", () => (arange(_images) + 1) % _images);
            string[] names = [.. Enumerable.Range(0, Count * _images).Select(i => $"{i}")];
            var joined = ReverseDistillationOptions.Taps.Select((_, level) => cat([.. _clean.Select(layers => layers[level])]));
            Images = new(null, new TeacherFeatures(ReverseDistillationOptions.Taps, joined).Detached(), [.. names.Select(_ => Array.Empty<Weights.StoredTensor>())], names);

            Tensor[][] Features(string name) =>
                [.. Enumerable.Range(0, Count).Select(i => network.call(fixture.Images($"{name}{i}").to(ScalarType.Float64), ReverseDistillationOptions.Taps))];
        }

        /// <summary>Batches of one step of the optimisers.</summary>
        public int Count { get; }

        public TrainingImages Images { get; }

        public int[] Batch(int batch) => [.. Enumerable.Range(batch * _images, _images)];

        public TrainingMoment Moment(int step, int batch) => new(step, 100, batch, Count);

        public (Tensor[] Clean, Tensor[] Noised) Layers(int batch) => (_clean[batch], _noised[batch]);

        public Tensor Transport(Tensor projected) => ProjectionLosses.Transport(projected, _partners, OptimalTransport.Pairwise);

        public TeacherFeatures Noised(TrainingMoment moment, ReadOnlySpan<int> batch) => new(ReverseDistillationOptions.Taps, _noised[moment.StepOfEpoch]);

        public Tensor Partners(TrainingMoment moment, ReadOnlySpan<int> batch) => _partners;

        /// <summary>What it holds stays for several trainings.</summary>
        public void Dispose()
        {
        }
    }
}
