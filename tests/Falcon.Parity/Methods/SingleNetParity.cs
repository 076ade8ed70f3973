using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays SingleNet's fixtures (specification, section 9).</summary>
public sealed class SingleNetParity : FixtureSuite
{
    private const double Tolerance = 1e-4;

    private static readonly SingleNetOptions Published = new();

    /// <inheritdoc/>
    public override string Name => "singlenet";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts => [(TrainFile, Train), (InferFile, Infer)];

    private static void Train(ParityFixture fixture)
    {
        using var teacher = Teacher(fixture);
        using var images = ParityFixture.Training(Published.TrainingNeeds, teacher, fixture.Images("input"));
        Forward(fixture, teacher, images.Features);
        foreach (var (name, options) in new[] { ("repo", new SingleNetOptions(Published) { Schedule = RateSchedule.Constant }), ("repo_onecycle", Published) })
        {
            using var network = fixture.Network<SingleNetNetwork>(options, teacher);
            RecipeReplay.Of(fixture, options, network, images).Replay(name, ("", network.Student));
        }
    }

    private static void Forward(ParityFixture fixture, Teacher teacher, TeacherFeatures features)
    {
        using var network = fixture.Network<SingleNetNetwork>(Published, teacher);
        network.Train(true);
        var layer = features[SingleNetOptions.Tap];
        var thinned = SingleNetStudent.Thinned(layer);
        var first = network.Student.Context[0].call(thinned, null);
        var global = network.Student.Context[1].Global!;
        var reduced = global.Reduce.call(first.Global!);
        fixture.Check("teacher.layer2", layer, Tolerance);
        fixture.Check("subsampled", thinned, Tolerance);
        fixture.Check("inner.0.local", first.Local, Tolerance);
        fixture.Check("inner.0.global", first.Global!, Tolerance);
        fixture.Check("inner.1.fourier_in", reduced, Tolerance);
        fixture.Check("inner.1.fourier_out", global.Unit.call(reduced), Tolerance);
        fixture.Check("student.out", network.Student.call(layer), Tolerance);
        var loss = FeatureDistance.BatchSum(network.Distance(features));
        loss.backward();
        fixture.Check("loss0", loss, Tolerance);
        fixture.CheckGradients("grad.", network.Student, Tolerance);
    }

    private static void Infer(ParityFixture fixture)
    {
        using var frozen = no_grad();
        using var teacher = Teacher(fixture);
        var images = fixture.Images("input");
        var options = new SingleNetOptions(Published) { InputSize = ParityFixture.SizeOf(images) };
        using var network = fixture.Network<SingleNetNetwork>(options, teacher);
        var layer = teacher.Features(images, [SingleNetOptions.Tap])[0];
        var student = network.Student.call(layer);
        var filtered = Filter(layer, passes: 2);
        fixture.Check("teacher.layer2", layer, Tolerance);
        fixture.Check("student.out", student, Tolerance);
        fixture.Check("filter.once.teacher0", Filter(layer[0], passes: 1), Tolerance);
        fixture.Check("filter.teacher", filtered, Tolerance);
        fixture.Check("filter.student", Filter(student, passes: 2), Tolerance);
        fixture.Check("filter.teacher0_ch0", filtered[0, 0], Tolerance);
        fixture.Check("nofilter.map_raw", Map(new SingleNetOptions(options) { FilterCutoff = 0, Smoothing = SmoothingKind.None }), Tolerance);
        fixture.CheckMaps("repo", smoothing => Map(new SingleNetOptions(options) { Smoothing = smoothing }), Tolerance);

        Tensor Map(SingleNetOptions options)
        {
            using var network = fixture.Network<SingleNetNetwork>(options, teacher);
            return network.Map(images);
        }
    }

    private static Tensor Filter(Tensor maps, int passes) => LowPassFilter.Of(maps, Published.FilterCutoff, passes, Published.AbsoluteFilter);

    private static Teacher Teacher(ParityFixture fixture) => fixture.Teacher("resnet18", BackboneTap.Layer3, "teacher.feature_extractor.");
}
