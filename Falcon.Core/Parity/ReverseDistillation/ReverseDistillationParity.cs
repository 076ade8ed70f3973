using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays the fixtures of reverse distillation (specification, section 9).</summary>
public sealed class ReverseDistillationParity : IParitySuite
{
    private const double Tolerance = 1e-4;
    private const string TeacherPrefix = "teacher.feature_extractor.";

    private static readonly BackboneTap[] Taps = ReverseDistillationOptions.Taps;

    private static readonly ReverseDistillationOptions Authors = new(), Repo = ReverseDistillationOptions.DistillationAdRecipe;

    /// <inheritdoc/>
    public string Name => "reverse-distillation";

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder)
    {
        using var scope = NewDisposeScope();
        using var teacher = ParityTeacher.Of("resnet18", TeacherPrefix);
        return [.. Train(folder, teacher), .. Infer(folder, teacher), .. Wide(folder)];
    }

    private static List<ParityResult> Train(string folder, Teacher teacher)
    {
        using var fixture = new ParityFixture(folder, "train.safetensors");
        using var images = DoublePrecision(fixture);
        int[] batch = [0, 1];
        List<ParityResult> results = [.. Features(fixture, teacher, training: true)];
        var recipes = new (string Name, string? Loss, ReverseDistillationOptions Options)[]
        {
            ("pixel", "pixel", new ReverseDistillationOptions(Authors) { Loss = ReverseDistillationLoss.Pixel }), ("flat", "flat", Authors),
            ("repo", "repo", new ReverseDistillationOptions(Repo) { Schedule = RateSchedule.Constant }), ("repo_onecycle", null, Repo),
        };
        foreach (var (name, loss, options) in recipes)
        {
            using var network = Filled(options, teacher);
            foreach (var (_, module) in network.Parts)
                module.to(ScalarType.Float64);
            network.Train(true);
            using var run = new ReverseDistillationTraining(options, network, images);
            var replay = new RecipeReplay(fixture, run, batch) { Tolerance = Tolerance, WeightTolerance = Tolerance, StatisticsTolerance = Tolerance };
            results.AddRange(replay.Replay(name, ("student.", network.Student), ("bn.", network.Bottleneck)));
            if (loss is not null)
                results.AddRange(fixture.Compare($"loss0.{loss}", replay.Column("loss")[..1], Tolerance));
        }
        return results;
    }

    /// <summary>Adam makes full steps of the rounding noise of tiny gradients, at a high rate here: in float32 the third step's weights are those of a processor, so
    /// the recipes are replayed in float64.</summary>
    private static TrainingImages DoublePrecision(ParityFixture fixture)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        using var network = new ResNet(BackboneCatalog.Find("resnet18"), BackboneTap.Layer3);
        ParityWeights.Fill(network, TeacherPrefix);
        network.to(ScalarType.Float64);
        network.eval();
        var features = network.call(fixture.Tensor("input").to(ScalarType.Float64), Taps);
        return new(null, new TeacherFeatures(Taps, features).Detached(), [[], []], ["a", "b"]);
    }

    private static List<ParityResult> Infer(string folder, Teacher teacher)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        var images = fixture.Tensor("input");
        var size = (int)images.shape[2];
        var smooth = Map(Authors, SmoothingKind.TwoDimensional);
        return
        [
            .. Features(fixture, teacher, training: false),
            .. fixture.Compare("authors.map_raw", Map(Authors, SmoothingKind.None), Tolerance),
            .. fixture.Compare("authors.map", smooth, Tolerance),
            .. fixture.Compare("authors.score", smooth.amax(1, 2), Tolerance),
            .. ParityMaps.Compare(fixture, "repo", smoothing => Map(Repo, smoothing), Tolerance),
        ];

        Tensor Map(ReverseDistillationOptions options, SmoothingKind smoothing)
        {
            using var network = Filled(new ReverseDistillationOptions(options) { InputSize = size, Smoothing = smoothing }, teacher);
            return network.Map(images);
        }
    }

    private static List<ParityResult> Wide(string folder)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        var image = fixture.Tensor("input").narrow(0, 0, 1);
        using var teacher = ParityTeacher.Of("wide_resnet50_2", "wide.teacher.feature_extractor.");
        using var network = Filled(new ReverseDistillationOptions(Authors) { InputSize = (int)image.shape[2], Smoothing = SmoothingKind.None }, teacher, "wide.");
        return [.. Features(fixture, teacher, network, image, "wide."), .. fixture.Compare("wide.authors.map_raw", network.Map(image), Tolerance)];
    }

    private static IEnumerable<ParityResult> Features(ParityFixture fixture, Teacher teacher, bool training)
    {
        using var network = Filled(Authors, teacher);
        network.Train(training);
        return [.. ParityImages.Compare(fixture, "image01"), .. Features(fixture, teacher, network, fixture.Tensor("input"), "")];
    }

    private static IEnumerable<ParityResult> Features(
        ParityFixture fixture, Teacher teacher, ReverseDistillationNetwork network, Tensor images, string prefix)
    {
        var features = new TeacherFeatures(Taps, teacher.Features(images, Taps));
        var code = network.Code(features);
        var restored = network.Student.call(code);
        return
        [
            .. fixture.Compare($"{prefix}embedding", code, Tolerance),
            .. Taps.SelectMany((tap, i) => fixture.Compare($"{prefix}teacher.layer{i + 1}", features[tap], Tolerance)),
            .. restored.SelectMany((output, i) => fixture.Compare($"{prefix}student.out{i}", output, Tolerance)),
        ];
    }

    private static ReverseDistillationNetwork Filled(ReverseDistillationOptions options, Teacher teacher, string prefix = "")
    {
        var network = new ReverseDistillationNetwork(options, teacher, new MasterSeed(0));
        foreach (var (part, module) in network.Parts)
            ParityWeights.Fill(module, $"{prefix}{part}.");
        network.Train(false);
        return network;
    }
}
