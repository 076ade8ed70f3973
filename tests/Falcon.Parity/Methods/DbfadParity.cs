using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays DBFAD's fixtures (specification, section 9).</summary>
public sealed class DbfadParity : FixtureSuite
{
    private const double Tolerance = 1e-4;

    private static readonly string[] TapNames = ["pool", "layer1", "layer2", "layer3"];

    private static readonly DbfadOptions Repo = DbfadOptions.DistillationAdRecipe, Generalising = new DbfadOptions(Repo) { DomainGeneralisation = true };

    /// <inheritdoc/>
    public override string Name => "dbfad";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts => [(TrainFile, Train), (InferFile, Infer)];

    private static void Train(ParityFixture fixture)
    {
        using var teacher = Teacher(fixture);
        using var images = ParityFixture.Training(Repo.TrainingNeeds, teacher, fixture.Images("input"));
        Features(fixture, images.Features);
        using (var network = Network(fixture, Repo, teacher, training: true))
        {
            Forward(fixture, network, images.Features);
            fixture.Refill(network);
            Inner(fixture, network, images.Features);
        }
        var recipes = new (string Name, DbfadOptions Options)[]
        {
            ("repo", new DbfadOptions(Repo) { Schedule = RateSchedule.Constant }), ("repo_onecycle", Repo),
            ("authors", new DbfadOptions { Blur = false, Schedule = RateSchedule.Constant }),
        };
        foreach (var (name, options) in recipes)
        {
            using var network = Network(fixture, options, teacher, training: true);
            var run = new DbfadTraining(options, network, images);
            new RecipeReplay(fixture, run, images.Count) { Tolerance = 2e-3, WeightTolerance = options.LearningRate / 2 }.Replay(name, ("", network.Student));
        }

        using var generalising = Network(fixture, Generalising, teacher, training: true);
        fixture.Check("dg.loss0", FeatureDistance.BatchSum(generalising.Distances(images.Features).Distances), Tolerance);
    }

    private static void Forward(ParityFixture fixture, DbfadNetwork network, TeacherFeatures features)
    {
        var x = Layers(features);
        var restored = network.Student.call(x);
        Tensor[] distances = [.. x.Zip(restored, (t, s) => FeatureDistance.OfUnits(t, s) / 2)];
        var loss = FeatureDistance.BatchSum(distances);
        loss.backward();
        fixture.Check("student.out", restored, Tolerance);
        fixture.Check("loss0", loss, Tolerance);
        fixture.Check("loss0_layers", stack(distances.Select(FeatureDistance.BatchSum)), Tolerance);
        fixture.CheckGradients("grad.", network.Student, Tolerance);
    }

    /// <summary>The outputs of modules, one by one, in training mode.</summary>
    private static void Inner(ParityFixture fixture, DbfadNetwork network, TeacherFeatures features)
    {
        var modules = network.Student.named_children().ToDictionary(child => child.Item1, child => (nn.Module<Tensor, Tensor>)child.Item2);
        var x = Layers(features);
        Tensor[] blocks = [.. x.Select((layer, i) => modules[$"block{i + 1}"].call(layer))];
        fixture.Check("inner.block1", blocks[0], Tolerance);
        fixture.Check("inner.block4", blocks[3], Tolerance);
        var code = Call("block5", blocks.Aggregate((a, b) => a + b));
        Call("AttBlock", code);
        for (var i = 0; i < 3; i++)
            Call($"residualLayer{i}_{i + 1}", x[i]);

        Tensor Call(string name, Tensor input)
        {
            var output = modules[name].call(input);
            fixture.Check($"inner.{name}", output, Tolerance);
            return output;
        }
    }

    private static void Infer(ParityFixture fixture)
    {
        using var frozen = no_grad();
        using var teacher = Teacher(fixture);
        var images = fixture.Images("input");
        var features = teacher.SharedFeatures(images, DbfadOptions.Taps);
        Features(fixture, features);
        foreach (var (name, options) in new[] { ("repo", Repo), ("dg", Generalising) })
        {
            using var network = Network(fixture, options, teacher);
            fixture.Check($"{name}.student.out", network.Student.call(Layers(features)), Tolerance);
        }
        fixture.CheckMaps("repo", smoothing => Map(new DbfadOptions(Repo) { Smoothing = smoothing }), Tolerance);
        fixture.Check("dg.map_raw", Map(new DbfadOptions(Generalising) { Smoothing = SmoothingKind.None }), Tolerance);

        Tensor Map(DbfadOptions options)
        {
            using var network = Network(fixture, new DbfadOptions(options) { InputSize = ParityFixture.SizeOf(images) }, teacher);
            return network.Map(images);
        }
    }

    private static void Features(ParityFixture fixture, TeacherFeatures features)
    {
        foreach (var (i, name) in TapNames.Index())
            fixture.Check($"teacher.{name}", features[DbfadOptions.Taps[i]], Tolerance);
    }

    private static Tensor[] Layers(TeacherFeatures features) => [.. DbfadOptions.Taps.Select(tap => features[tap])];

    private static Teacher Teacher(ParityFixture fixture) => fixture.Teacher("resnet34", BackboneTap.Layer3, "teacher.feature_extractor.");

    private static DbfadNetwork Network(ParityFixture fixture, DbfadOptions options, Teacher teacher, bool training = false)
    {
        var network = fixture.Network<DbfadNetwork>(options, teacher, options.DomainGeneralisation ? "dg." : "");
        network.Train(training);
        return network;
    }
}
