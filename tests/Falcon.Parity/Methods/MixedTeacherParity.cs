using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays MixedTeacher's fixtures (specification, section 9).</summary>
public sealed class MixedTeacherParity : FixtureSuite
{
    private const double Tolerance = 1e-4;

    private static readonly MixedTeacherOptions Paper = new(), Repo = MixedTeacherOptions.DistillationAdRecipe;

    /// <inheritdoc/>
    public override string Name => "mixedteacher";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts => [(TrainFile, Train), (InferFile, Infer)];

    private static void Train(ParityFixture fixture)
    {
        using var teacher = Teacher(fixture);
        var input = fixture.Images("input");
        Features(fixture, teacher, input, training: true);
        using (var images = ParityFixture.Training(Repo.TrainingNeeds, teacher, input))
        {
            using (var network = Network(fixture, Repo, teacher))
            {
                network.Train(true);
                var (residual, efficient) = network.Distances(new(images.Pixels, images.Features));
                fixture.Check("repo.loss0_layers", stack(residual.Concat(efficient).Select(FeatureDistance.BatchSum)), Tolerance);
            }
            foreach (var (name, options) in new[] { ("repo", new MixedTeacherOptions(Repo) { Schedule = RateSchedule.Constant }), ("repo_onecycle", Repo) })
            {
                using var network = Network(fixture, options, teacher);
                RecipeReplay.Of(fixture, options, network, images)
                    .Replay(name, ("student0.", network.Parts[0].Module), ("student1.", network.Parts[1].Module));
            }
        }
        TrainPaper(fixture, teacher, input);
    }

    private static void TrainPaper(ParityFixture fixture, Teacher teacher, Tensor input)
    {
        var options = new MixedTeacherOptions(Paper) { Schedule = RateSchedule.Constant };
        using var images = ParityFixture.Training(options.TrainingNeeds, teacher, input);
        using var network = Network(fixture, options, teacher);
        fixture.Check("paper.teacher_res", Paper.ResidualTaps.Select(tap => network.Target(images.Features, tap)), Tolerance);
        fixture.Check("paper.teacher_eff", Paper.EfficientTaps.Select(tap => network.Target(images.Features, tap)), Tolerance);
        var replay = RecipeReplay.Of(fixture, options, network, images).Replay("paper.res", "residual", ("", network.Parts[0].Module));
        fixture.Check("paper.eff.losses", replay.Column("efficient"), replay.Tolerance);
    }

    private static void Infer(ParityFixture fixture)
    {
        using var frozen = no_grad();
        using var teacher = Teacher(fixture);
        var images = fixture.Images("input");
        Features(fixture, teacher, images, training: false);
        var paper = new MixedTeacherOptions(Paper) { InputSize = ParityFixture.SizeOf(images) };
        using var network = Network(fixture, paper, teacher);
        var (residual, efficient) = network.Maps(new(images, teacher.SharedFeatures(images, network.Needs.Taps)));
        var smooth = network.Map(images);
        fixture.CheckMaps("repo", smoothing => Map(new MixedTeacherOptions(Repo) { InputSize = paper.InputSize, Smoothing = smoothing }), Tolerance);
        fixture.Check("paper.map_res", residual, Tolerance);
        fixture.Check("paper.map_eff", efficient, Tolerance);
        fixture.Check("paper.map_raw", Map(new MixedTeacherOptions(paper) { Smoothing = SmoothingKind.None }), Tolerance);
        fixture.Check("paper.map", smooth, Tolerance);
        fixture.Check("paper.score", smooth.amax(1, 2), Tolerance);

        Tensor Map(MixedTeacherOptions options)
        {
            using var network = Network(fixture, options, teacher);
            return network.Map(images);
        }
    }

    private static void Features(ParityFixture fixture, Teacher teacher, Tensor images, bool training)
    {
        using var network = Network(fixture, Repo, teacher);
        network.Train(training);
        var features = teacher.SharedFeatures(images, Repo.ScoringNeeds.Taps);
        var (residual, efficient) = network.Students(images);
        fixture.Check("teacher.res.layer", [features[BackboneTap.Layer2], features[BackboneTap.Layer3]], Tolerance, from: 2);
        fixture.Check("teacher.eff.stage6", features[BackboneTap.Stage6], Tolerance);
        fixture.Check("student.res.layer", residual, Tolerance, from: 2);
        fixture.Check("student.eff.stage6", efficient[0], Tolerance);
    }

    private static Teacher Teacher(ParityFixture fixture) =>
        fixture.Teacher(Repo.Backbone, BackboneTap.Layer3, "teacher0.feature_extractor.", "teacher1.feature_extractor.");

    private static MixedTeacherNetwork Network(ParityFixture fixture, MixedTeacherOptions options, Teacher teacher) =>
        fixture.Network<MixedTeacherNetwork>(options, teacher, options.Form == MixedForm.Paper ? "paper." : "");
}
