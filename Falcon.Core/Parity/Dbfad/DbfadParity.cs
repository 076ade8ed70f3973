using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays DBFAD's fixtures (specification, section 9).</summary>
public sealed class DbfadParity : IParitySuite
{
    private const double Tolerance = 1e-4;

    private static readonly string[] TapNames = ["pool", "layer1", "layer2", "layer3"];

    private static readonly DbfadOptions Repo = DbfadOptions.DistillationAdRecipe, Generalising = new DbfadOptions(Repo) { DomainGeneralisation = true };

    /// <inheritdoc/>
    public string Name => "dbfad";

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder)
    {
        using var scope = NewDisposeScope();
        using var teacher = ParityTeacher.Of("resnet34", "teacher.feature_extractor.");
        return [.. Train(folder, teacher), .. Infer(folder, teacher)];
    }

    private static List<ParityResult> Train(string folder, Teacher teacher)
    {
        using var fixture = new ParityFixture(folder, "train.safetensors");
        using var images = TrainingImages.Of(Repo.TrainingNeeds, teacher, fixture.Tensor("input"), ["a", "b"]);
        int[] batch = [0, 1];
        List<ParityResult> results = [.. Teacher(fixture, images.Features), .. Forward(fixture, teacher, images), .. Inner(fixture, teacher, images)];
        var recipes = new (string Name, DbfadOptions Options)[]
        {
            ("repo", new DbfadOptions(Repo) { Schedule = RateSchedule.Constant }), ("repo_onecycle", Repo),
            ("authors", new DbfadOptions { Blur = false, Schedule = RateSchedule.Constant }),
        };
        foreach (var (name, options) in recipes)
        {
            using var network = Filled(options, teacher);
            network.Train(true);
            using var run = new DbfadTraining(options, network, images);
            var replay = new RecipeReplay(fixture, run, batch) { Tolerance = 2e-3, WeightTolerance = options.LearningRate / 2 };
            results.AddRange(replay.Replay(name, ("", network.Student)));
        }

        using var generalising = Filled(Generalising, teacher);
        generalising.Train(true);
        results.AddRange(fixture.Compare("dg.loss0", FeatureDistance.BatchSum(generalising.Distances(images.Features).Distances), Tolerance));
        return results;
    }

    private static List<ParityResult> Forward(ParityFixture fixture, Teacher teacher, TrainingImages images)
    {
        using var network = Filled(Repo, teacher);
        network.Train(true);
        Tensor[] x = [.. DbfadOptions.Taps.Select(tap => images.Features[tap])];
        var restored = network.Student.call(x);
        Tensor[] distances = [.. x.Zip(restored, (t, s) => FeatureDistance.OfUnits(t, s) / 2)];
        var loss = FeatureDistance.BatchSum(distances);
        loss.backward();
        var gradients = network.Student.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!);
        return
        [
            .. Student(fixture, "", restored),
            .. fixture.Compare("loss0", loss, Tolerance),
            .. fixture.Compare("loss0_layers", stack(distances.Select(FeatureDistance.BatchSum)), Tolerance),
            .. fixture.Below("grad.").SelectMany(name => fixture.Compare($"grad.{name}", gradients[name], Tolerance)),
        ];
    }

    /// <summary>The outputs of modules, one by one, in training mode.</summary>
    private static List<ParityResult> Inner(ParityFixture fixture, Teacher teacher, TrainingImages images)
    {
        using var network = Filled(Repo, teacher);
        network.Train(true);
        var modules = network.Student.named_children().ToDictionary(child => child.Item1, child => (nn.Module<Tensor, Tensor>)child.Item2);
        Tensor[] x = [.. DbfadOptions.Taps.Select(tap => images.Features[tap])];
        Tensor[] blocks = [.. Enumerable.Range(0, 4).Select(i => modules[$"block{i + 1}"].call(x[i]))];
        var code = modules["block5"].call(blocks.Aggregate((a, b) => a + b));
        var values = new Dictionary<string, Tensor>
        {
            ["block1"] = blocks[0],
            ["block4"] = blocks[3],
            ["block5"] = code,
            ["AttBlock"] = modules["AttBlock"].call(code),
        };
        for (var i = 0; i < 3; i++)
            values[$"residualLayer{i}_{i + 1}"] = modules[$"residualLayer{i}_{i + 1}"].call(x[i]);
        return [.. values.SelectMany(value => fixture.Compare($"inner.{value.Key}", value.Value, Tolerance))];
    }

    private static List<ParityResult> Infer(string folder, Teacher teacher)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        var images = fixture.Tensor("input");
        var size = (int)images.shape[2];
        var features = teacher.SharedFeatures(images, DbfadOptions.Taps);
        Tensor[] x = [.. DbfadOptions.Taps.Select(tap => features[tap])];
        using var repo = Filled(Repo, teacher);
        using var generalising = Filled(Generalising, teacher);
        return
        [
            .. Teacher(fixture, features),
            .. Student(fixture, "repo.", repo.Student.call(x)),
            .. Student(fixture, "dg.", generalising.Student.call(x)),
            .. ParityMaps.Compare(fixture, "repo", smoothing => Map(Repo, smoothing), Tolerance),
            .. fixture.Compare("dg.map_raw", Map(Generalising, SmoothingKind.None), Tolerance),
        ];

        Tensor Map(DbfadOptions options, SmoothingKind smoothing)
        {
            using var network = Filled(new DbfadOptions(options) { InputSize = size, Smoothing = smoothing }, teacher);
            return network.Map(images);
        }
    }

    private static IEnumerable<ParityResult> Teacher(ParityFixture fixture, TeacherFeatures features) =>
        TapNames.SelectMany((name, i) => fixture.Compare($"teacher.{name}", features[DbfadOptions.Taps[i]], Tolerance));

    private static IEnumerable<ParityResult> Student(ParityFixture fixture, string prefix, Tensor[] restored) =>
        restored.SelectMany((output, i) => fixture.Compare($"{prefix}student.out{i}", output, Tolerance));

    private static DbfadNetwork Filled(DbfadOptions options, Teacher teacher)
    {
        var network = new DbfadNetwork(options, teacher, new MasterSeed(0));
        ParityWeights.Fill(network.Student, options.DomainGeneralisation ? "dg.student." : "student.");
        network.Train(false);
        return network;
    }
}
