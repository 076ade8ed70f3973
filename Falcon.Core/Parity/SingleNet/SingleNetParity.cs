using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays SingleNet's fixtures (specification, section 9).</summary>
public sealed class SingleNetParity : IParitySuite
{
    private const double Tolerance = 1e-4;

    private static readonly SingleNetOptions Published = new();

    /// <inheritdoc/>
    public string Name => "singlenet";

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder)
    {
        using var scope = NewDisposeScope();
        using var teacher = ParityTeacher.Of("resnet18", "teacher.feature_extractor.");
        return [.. Train(folder, teacher), .. Infer(folder, teacher)];
    }

    private static List<ParityResult> Train(string folder, Teacher teacher)
    {
        using var fixture = new ParityFixture(folder, "train.safetensors");
        using var images = TrainingImages.Of(Published.TrainingNeeds, teacher, fixture.Tensor("input"), ["a", "b"]);
        var results = Forward(fixture, teacher, images.Features);
        foreach (var (name, options) in new[] { ("repo", new SingleNetOptions(Published) { Schedule = RateSchedule.Constant }), ("repo_onecycle", Published) })
        {
            using var network = Filled(options, teacher);
            network.Train(true);
            using var run = new SingleNetTraining(options, network, images);
            results.AddRange(new RecipeReplay(fixture, run, [0, 1]) { WeightTolerance = options.LearningRate / 2 }.Replay(name, ("", network.Student)));
        }
        return results;
    }

    private static List<ParityResult> Forward(ParityFixture fixture, Teacher teacher, TeacherFeatures features)
    {
        using var network = Filled(Published, teacher);
        network.Train(true);
        var layer = features[SingleNetOptions.Tap];
        var thinned = SingleNetStudent.Thinned(layer);
        var first = network.Student.Context[0].call(thinned, null);
        var global = network.Student.Context[1].Global!;
        var reduced = global.Reduce.call(first.Global!);
        List<ParityResult> results =
        [
            .. fixture.Compare("teacher.layer2", layer, Tolerance),
            .. fixture.Compare("subsampled", thinned, Tolerance),
            .. fixture.Compare("inner.0.local", first.Local, Tolerance),
            .. fixture.Compare("inner.0.global", first.Global!, Tolerance),
            .. fixture.Compare("inner.1.fourier_in", reduced, Tolerance),
            .. fixture.Compare("inner.1.fourier_out", global.Unit.call(reduced), Tolerance),
            .. fixture.Compare("student.out", network.Student.call(layer), Tolerance),
        ];
        var loss = FeatureDistance.BatchSum(network.Distance(features));
        loss.backward();
        var gradients = network.Student.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!);
        results.AddRange(fixture.Compare("loss0", loss, Tolerance));
        results.AddRange(fixture.Below("grad.").SelectMany(name => fixture.Compare($"grad.{name}", gradients[name], Tolerance)));
        return results;
    }

    private static List<ParityResult> Infer(string folder, Teacher teacher)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        var images = fixture.Tensor("input");
        var options = new SingleNetOptions(Published) { InputSize = (int)images.shape[2] };
        using var network = Filled(options, teacher);
        var layer = teacher.Features(images, [SingleNetOptions.Tap])[0];
        var student = network.Student.call(layer);
        var filtered = Filter(layer, passes: 2);
        return
        [
            .. fixture.Compare("teacher.layer2", layer, Tolerance),
            .. fixture.Compare("student.out", student, Tolerance),
            .. fixture.Compare("filter.once.teacher0", Filter(layer[0], passes: 1), Tolerance),
            .. fixture.Compare("filter.teacher", filtered, Tolerance),
            .. fixture.Compare("filter.student", Filter(student, passes: 2), Tolerance),
            .. fixture.Compare("filter.teacher0_ch0", filtered[0, 0], Tolerance),
            .. fixture.Compare("nofilter.map_raw", Map(new SingleNetOptions(options) { FilterCutoff = 0, Smoothing = SmoothingKind.None }), Tolerance),
            .. ParityMaps.Compare(fixture, "repo", smoothing => Map(new SingleNetOptions(options) { Smoothing = smoothing }), Tolerance),
        ];

        Tensor Map(SingleNetOptions options)
        {
            using var network = Filled(options, teacher);
            return network.Map(images);
        }
    }

    private static Tensor Filter(Tensor maps, int passes) => LowPassFilter.Of(maps, Published.FilterCutoff, passes, Published.AbsoluteFilter);

    private static SingleNetNetwork Filled(SingleNetOptions options, Teacher teacher)
    {
        var network = new SingleNetNetwork(options, teacher, new MasterSeed(0));
        ParityWeights.Fill(network.Student, "student.");
        network.Train(false);
        return network;
    }
}
