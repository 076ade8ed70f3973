using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays STPM's fixtures (specification, section 9).</summary>
public sealed class StpmParity : FixtureSuite
{
    private const double Tolerance = 1e-4;

    private static readonly BackboneTap[] Layers = PyramidLayers.Layers123.Taps();
    private static readonly StpmOptions Authors = new(), Repo = StpmOptions.DistillationAdRecipe;

    /// <inheritdoc/>
    public override string Name => "stpm";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts => [(TrainFile, Train), (InferFile, Infer)];

    private static void Train(ParityFixture fixture)
    {
        using var teacher = Teacher(fixture);
        using var images = ParityFixture.Training(new(Pixels: true, Layers), teacher, Features(fixture, teacher, training: true));
        Cycle(fixture);
        FirstLoss("authors.loss0", Authors, training: true, student => fixture.CheckGradients("authors.grad.", student, Tolerance));
        FirstLoss("repo.loss0_eval", Repo, training: false);
        FirstLoss("repo.loss0_nonorm", new StpmOptions(Repo) { Normalise = false }, training: true);
        foreach (var (name, options) in new[] { ("authors", Authors), ("repo", new StpmOptions(Repo) { Schedule = RateSchedule.Constant }), ("repo_onecycle", Repo) })
        {
            using var network = fixture.Network<StpmNetwork>(options, teacher);
            RecipeReplay.Of(fixture, options, network, images).Replay(name, ("", network.Student));
        }

        void FirstLoss(string name, StpmOptions options, bool training, Action<nn.Module>? then = null)
        {
            using var network = fixture.Network<StpmNetwork>(options, teacher);
            network.Train(training);
            using var run = new StpmTraining(options, network, images);
            var loss = run.Losses(default, [.. Enumerable.Range(0, images.Count)])[0].Value;
            loss.backward();
            fixture.Check(name, loss, Tolerance);
            then?.Invoke(network.Student);
        }
    }

    private static void Infer(ParityFixture fixture)
    {
        using var frozen = no_grad();
        using var teacher = Teacher(fixture);
        var images = Features(fixture, teacher, training: false);
        var map = Map(Authors);
        fixture.Check("authors.map", map, Tolerance);
        fixture.Check("authors.score", map.amax(1, 2), Tolerance);
        fixture.CheckMaps("repo", smoothing => Map(new StpmOptions(Repo) { Smoothing = smoothing }), Tolerance);

        Tensor Map(StpmOptions options)
        {
            using var network = fixture.Network<StpmNetwork>(new StpmOptions(options) { InputSize = ParityFixture.SizeOf(images) }, teacher);
            return network.Map(images);
        }
    }

    /// <summary>Compares features of teacher and student, and gives the images.</summary>
    private static Tensor Features(ParityFixture fixture, Teacher teacher, bool training)
    {
        using var network = fixture.Network<StpmNetwork>(Authors, teacher);
        network.Train(training);
        var images = fixture.Images("input", in01: "image01");
        fixture.Check("teacher.layer", teacher.Features(images, Layers), Tolerance, from: 1);
        fixture.Check("student.layer", network.Student.call(images, Layers), Tolerance, from: 1);
        return images;
    }

    private static void Cycle(ParityFixture fixture)
    {
        const int Steps = 100;
        var values = Enumerable.Range(0, Steps).Select(step => OneCycle.At(step, Steps, Repo.LearningRate));
        fixture.Check("onecycle.lr_beta1", tensor(values.SelectMany(v => new[] { v.LearningRate, v.Beta1 }).ToArray(), [Steps, 2]), 1e-9);
    }

    private static Teacher Teacher(ParityFixture fixture) => fixture.Teacher("resnet18", BackboneTap.Layer3, "teacher.feature_extractor.");
}
