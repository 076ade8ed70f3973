using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays the fixtures of reverse distillation (specification, section 9).</summary>
public sealed class ReverseDistillationParity : FixtureSuite
{
    private const double Tolerance = 1e-4;
    private const string TeacherPrefix = "teacher.feature_extractor.", WideMap = "wide.authors.map_raw";

    private static readonly BackboneTap[] Taps = ReverseDistillationOptions.Taps;

    private static readonly ReverseDistillationOptions Authors = new(), Repo = ReverseDistillationOptions.DistillationAdRecipe;

    /// <inheritdoc/>
    public override string Name => "reverse-distillation";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts => [(TrainFile, Train), (InferFile, Infer)];

    private static void Train(ParityFixture fixture)
    {
        using var teacher = fixture.Teacher("resnet18", BackboneTap.Layer3, TeacherPrefix);
        using var images = DoublePrecision(fixture, Features(fixture, teacher, training: true));
        var recipes = new (string Name, bool First, ReverseDistillationOptions Options)[]
        {
            ("pixel", true, new ReverseDistillationOptions(Authors) { Loss = ReverseDistillationLoss.Pixel }), ("flat", true, Authors),
            ("repo", true, new ReverseDistillationOptions(Repo) { Schedule = RateSchedule.Constant }), ("repo_onecycle", false, Repo),
        };
        foreach (var (name, first, options) in recipes)
        {
            using var network = fixture.Network<ReverseDistillationNetwork>(options, teacher);
            foreach (var (_, module) in network.Parts)
                module.to(ScalarType.Float64);
            network.Train(true);
            var run = new ReverseDistillationTraining(options, network, images);
            var replay = new RecipeReplay(fixture, run, images.Count) { Tolerance = Tolerance, WeightTolerance = Tolerance, StatisticsTolerance = Tolerance }
                .Replay(name, [.. network.Parts.Select(part => ($"{part.Prefix}.", part.Module))]);
            if (first)
                fixture.Check($"loss0.{name}", replay.Column("loss")[..1], Tolerance);
        }
    }

    /// <summary>Adam makes full steps of the rounding noise of tiny gradients, at a high rate here: in float32 the third step's weights are those of a processor, so
    /// the recipes are replayed in float64.</summary>
    private static TrainingImages DoublePrecision(ParityFixture fixture, Tensor images)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new ResNet(BackboneCatalog.Find("resnet18"), BackboneTap.Layer3);
        fixture.Fill(network, TeacherPrefix);
        network.to(ScalarType.Float64);
        network.eval();
        var features = network.call(images.to(ScalarType.Float64), Taps);
        string[] names = [.. Enumerable.Range(0, (int)images.shape[0]).Select(i => $"{i}")];
        return new(null, new TeacherFeatures(Taps, features).Detached(), [.. names.Select(_ => Array.Empty<Weights.StoredTensor>())], names);
    }

    private static void Infer(ParityFixture fixture)
    {
        using var frozen = no_grad();
        using var teacher = fixture.Teacher("resnet18", BackboneTap.Layer3, TeacherPrefix);
        var images = Features(fixture, teacher, training: false);
        var smooth = Map(new ReverseDistillationOptions(Authors) { Smoothing = SmoothingKind.TwoDimensional });
        fixture.Check("authors.map_raw", Map(new ReverseDistillationOptions(Authors) { Smoothing = SmoothingKind.None }), Tolerance);
        fixture.Check("authors.map", smooth, Tolerance);
        fixture.Check("authors.score", smooth.amax(1, 2), Tolerance);
        fixture.CheckMaps("repo", smoothing => Map(new ReverseDistillationOptions(Repo) { Smoothing = smoothing }), Tolerance);
        if (fixture.ShapeOf(WideMap, null) is { } wide)
            Wide(fixture, images.narrow(0, 0, wide[0]));

        Tensor Map(ReverseDistillationOptions options)
        {
            using var network = fixture.Network<ReverseDistillationNetwork>(new ReverseDistillationOptions(options) { InputSize = ParityFixture.SizeOf(images) }, teacher);
            return network.Map(images);
        }
    }

    private static void Wide(ParityFixture fixture, Tensor images)
    {
        using var teacher = fixture.Teacher("wide_resnet50_2", BackboneTap.Layer3, $"wide.{TeacherPrefix}");
        var options = new ReverseDistillationOptions(Authors) { InputSize = ParityFixture.SizeOf(images), Smoothing = SmoothingKind.None };
        using var network = fixture.Network<ReverseDistillationNetwork>(options, teacher, "wide.");
        Features(fixture, network, images, "wide.");
        fixture.Check(WideMap, network.Map(images), Tolerance);
    }

    /// <summary>Compares features of teacher and student, and gives the images.</summary>
    private static Tensor Features(ParityFixture fixture, Teacher teacher, bool training)
    {
        using var network = fixture.Network<ReverseDistillationNetwork>(Authors, teacher);
        network.Train(training);
        var images = fixture.Images("input", in01: "image01");
        Features(fixture, network, images, "");
        return images;
    }

    private static void Features(ParityFixture fixture, ReverseDistillationNetwork network, Tensor images, string prefix)
    {
        var features = network.Teacher.Features(images, Taps);
        var code = network.Code(new(Taps, features));
        fixture.Check($"{prefix}embedding", code, Tolerance);
        fixture.Check($"{prefix}teacher.layer", features, Tolerance, from: 1);
        fixture.Check($"{prefix}student.out", network.Student.call(code), Tolerance);
    }
}
