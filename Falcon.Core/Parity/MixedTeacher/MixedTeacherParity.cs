using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays MixedTeacher's fixtures (specification, section 9).</summary>
public sealed class MixedTeacherParity : IParitySuite
{
    private const double Tolerance = 1e-4;

    private static readonly MixedTeacherOptions Paper = new(), Repo = MixedTeacherOptions.DistillationAdRecipe;

    /// <inheritdoc/>
    public string Name => "mixedteacher";

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder)
    {
        using var scope = NewDisposeScope();
        using var teacher = Teacher.Of(
            Repo.Backbone, BackboneTap.Layer3, "parity rule", (i, module) => ParityWeights.Fill(module, $"teacher{i}.feature_extractor."));
        return [.. Train(folder, teacher), .. TrainPaper(folder, teacher), .. Infer(folder, teacher)];
    }

    private static List<ParityResult> Train(string folder, Teacher teacher)
    {
        using var fixture = new ParityFixture(folder, "train.safetensors");
        using var images = TrainingImages.Of(Repo.TrainingNeeds, teacher, fixture.Tensor("input"), ["a", "b"]);
        int[] batch = [0, 1];
        List<ParityResult> results = [.. Features(fixture, teacher, training: true)];
        using (var network = Filled(Repo, teacher))
        {
            network.Train(true);
            var (residual, efficient) = network.Distances(images.Batch(batch));
            var layers = residual.Concat(efficient).Select(FeatureDistance.BatchSum);
            results.AddRange(fixture.Compare("repo.loss0_layers", stack(layers), Tolerance));
        }
        foreach (var (name, options) in new[] { ("repo", new MixedTeacherOptions(Repo) { Schedule = RateSchedule.Constant }), ("repo_onecycle", Repo) })
        {
            using var network = Filled(options, teacher);
            network.Train(true);
            using var run = new MixedTeacherTraining(options, network, images);
            var replay = new RecipeReplay(fixture, run, batch) { WeightTolerance = options.LearningRate / 2 };
            results.AddRange(replay.Replay(name, ("student0.", network.Parts[0].Module), ("student1.", network.Parts[1].Module)));
        }
        return results;
    }

    private static List<ParityResult> TrainPaper(string folder, Teacher teacher)
    {
        using var fixture = new ParityFixture(folder, "train.safetensors");
        using var images = TrainingImages.Of(Paper.TrainingNeeds, teacher, fixture.Tensor("input"), ["a", "b"]);
        var options = new MixedTeacherOptions(Paper) { Schedule = RateSchedule.Constant };
        using var network = Filled(options, teacher);
        network.Train(true);
        using var run = new MixedTeacherTraining(options, network, images);
        var replay = new RecipeReplay(fixture, run, [0, 1]) { WeightTolerance = options.LearningRate / 2, Loss = "residual" };
        return
        [
            .. Paper.ResidualTaps.SelectMany((tap, i) => fixture.Compare($"paper.teacher_res{i}", network.Target(images.Features, tap), Tolerance)),
            .. Paper.EfficientTaps.SelectMany((tap, i) => fixture.Compare($"paper.teacher_eff{i}", network.Target(images.Features, tap), Tolerance)),
            .. replay.Replay("paper.res", ("", network.Parts[0].Module)),
            .. fixture.Compare("paper.eff.losses", replay.Column("efficient"), replay.Tolerance),
        ];
    }

    private static List<ParityResult> Infer(string folder, Teacher teacher)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        var images = fixture.Tensor("input");
        var paper = new MixedTeacherOptions(Paper) { InputSize = (int)images.shape[2] };
        using var network = Filled(paper, teacher);
        var (residual, efficient) = network.Maps(new(images, teacher.SharedFeatures(images, network.Needs.Taps)));
        var smooth = network.Map(images);
        return
        [
            .. Features(fixture, teacher, training: false),
            .. ParityMaps.Compare(fixture, "repo", smoothing => Map(new MixedTeacherOptions(Repo) { InputSize = paper.InputSize, Smoothing = smoothing }), Tolerance),
            .. fixture.Compare("paper.map_res", residual, Tolerance),
            .. fixture.Compare("paper.map_eff", efficient, Tolerance),
            .. fixture.Compare("paper.map_raw", Map(new MixedTeacherOptions(paper) { Smoothing = SmoothingKind.None }), Tolerance),
            .. fixture.Compare("paper.map", smooth, Tolerance),
            .. fixture.Compare("paper.score", smooth.amax(1, 2), Tolerance),
        ];

        Tensor Map(MixedTeacherOptions options)
        {
            using var network = Filled(options, teacher);
            return network.Map(images);
        }
    }

    private static IEnumerable<ParityResult> Features(ParityFixture fixture, Teacher teacher, bool training)
    {
        using var network = Filled(Repo, teacher);
        network.Train(training);
        var images = fixture.Tensor("input");
        var features = teacher.SharedFeatures(images, Repo.ScoringNeeds.Taps);
        var (residual, efficient) = network.Students(images);
        return
        [
            .. fixture.Compare("teacher.res.layer2", features[BackboneTap.Layer2], Tolerance),
            .. fixture.Compare("teacher.res.layer3", features[BackboneTap.Layer3], Tolerance),
            .. fixture.Compare("teacher.eff.stage6", features[BackboneTap.Stage6], Tolerance),
            .. fixture.Compare("student.res.layer2", residual[0], Tolerance),
            .. fixture.Compare("student.res.layer3", residual[1], Tolerance),
            .. fixture.Compare("student.eff.stage6", efficient[0], Tolerance),
        ];
    }

    private static MixedTeacherNetwork Filled(MixedTeacherOptions options, Teacher teacher)
    {
        var network = new MixedTeacherNetwork(options, teacher, new MasterSeed(0));
        foreach (var (prefix, module) in network.Parts)
            ParityWeights.Fill(module, options.Form == MixedForm.Paper ? $"paper.{prefix}." : $"{prefix}.");
        network.Train(false);
        return network;
    }
}
