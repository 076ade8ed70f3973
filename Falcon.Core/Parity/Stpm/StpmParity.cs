using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays STPM's fixtures (specification, section 9).</summary>
public sealed class StpmParity : IParitySuite
{
    private const double Tolerance = 1e-4;

    private static readonly BackboneTap[] Layers = PyramidLayers.Layers123.Taps();

    /// <inheritdoc/>
    public string Name => "stpm";

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
        using var images = TrainingImages.Of(new(Pixels: true, Layers), teacher, fixture.Tensor("input"), ["a", "b"]);
        int[] batch = [0, 1];
        List<ParityResult> results = [.. Features(fixture, teacher, training: true), .. Cycle(fixture)];

        var recipes = new (string Name, StpmOptions Options)[]
        {
            ("authors", new()), ("repo", new StpmOptions(StpmOptions.DistillationAdRecipe) { Schedule = RateSchedule.Constant }), ("repo_onecycle", StpmOptions.DistillationAdRecipe),
        };
        foreach (var (name, options) in recipes)
        {
            using var network = Filled(options, teacher);
            network.Train(true);
            using var run = new StpmTraining(options, network, images);
            if (options.Optimiser == StpmOptimiser.Sgd)
            {
                results.AddRange(FirstLoss(run, "authors.loss0"));
                results.AddRange(Gradients(fixture, network.Student, "authors.grad."));
                ParityWeights.Fill(network.Student, "student.feature_extractor.");
            }
            results.AddRange(new RecipeReplay(fixture, run, batch) { WeightTolerance = options.LearningRate / 2 }.Replay(name, ("", network.Student)));
        }

        using (var network = Filled(StpmOptions.DistillationAdRecipe, teacher))
        using (var run = new StpmTraining(StpmOptions.DistillationAdRecipe, network, images))
            results.AddRange(FirstLoss(run, "repo.loss0_eval"));
        var raw = new StpmOptions(StpmOptions.DistillationAdRecipe) { Normalise = false };
        using (var network = Filled(raw, teacher))
        using (var run = new StpmTraining(raw, network, images))
        {
            network.Train(true);
            results.AddRange(FirstLoss(run, "repo.loss0_nonorm"));
        }
        return results;

        IEnumerable<ParityResult> FirstLoss(StpmTraining run, string name)
        {
            var loss = run.Losses(default, batch)[0].Value;
            loss.backward();
            return fixture.Compare(name, loss, Tolerance);
        }
    }

    private static List<ParityResult> Infer(string folder, Teacher teacher)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        var images = fixture.Tensor("input");
        var size = (int)images.shape[2];
        using var authors = Filled(new StpmOptions { InputSize = size }, teacher);
        var map = authors.Map(images);
        return
        [
            .. Features(fixture, teacher, training: false),
            .. fixture.Compare("authors.map", map, Tolerance),
            .. fixture.Compare("authors.score", map.amax(1, 2), Tolerance),
            .. ParityMaps.Compare(fixture, "repo", RepoMap, Tolerance),
        ];

        Tensor RepoMap(SmoothingKind smoothing)
        {
            using var network = Filled(new StpmOptions(StpmOptions.DistillationAdRecipe) { InputSize = size, Smoothing = smoothing }, teacher);
            return network.Map(images);
        }
    }

    private static IEnumerable<ParityResult> Features(ParityFixture fixture, Teacher teacher, bool training)
    {
        using var network = Filled(new(), teacher);
        network.Train(training);
        var input = fixture.Tensor("input");
        var (ofTeacher, ofStudent) = (teacher.Features(input, Layers), network.Student.call(input, Layers));
        return
        [
            .. ParityImages.Compare(fixture, "image01"),
            .. Layers.SelectMany((layer, i) => fixture.Compare($"teacher.layer{i + 1}", ofTeacher[i], Tolerance)),
            .. Layers.SelectMany((layer, i) => fixture.Compare($"student.layer{i + 1}", ofStudent[i], Tolerance)),
        ];
    }

    private static IEnumerable<ParityResult> Gradients(ParityFixture fixture, nn.Module module, string below)
    {
        var parameters = module.named_parameters().ToDictionary(p => p.Item1, p => p.Item2.grad!);
        return fixture.Below(below).SelectMany(name => fixture.Compare(below + name, parameters[name], Tolerance));
    }

    private static IEnumerable<ParityResult> Cycle(ParityFixture fixture)
    {
        const int Steps = 100;
        var values = Enumerable.Range(0, Steps).Select(step => OneCycle.At(step, Steps, StpmOptions.DistillationAdRecipe.LearningRate));
        return fixture.Compare("onecycle.lr_beta1", tensor(values.SelectMany(v => new[] { v.LearningRate, v.Beta1 }).ToArray(), [Steps, 2]), 1e-9);
    }

    private static StpmNetwork Filled(StpmOptions options, Teacher teacher)
    {
        var network = new StpmNetwork(options, teacher, new MasterSeed(0));
        ParityWeights.Fill(network.Student, "student.feature_extractor.");
        network.Train(false);
        return network;
    }
}
