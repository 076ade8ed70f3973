using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays the fixtures of remembering normality (specification, section 9), forward (<c>st</c>) and backward (<c>rd</c>).</summary>
public sealed class RememberingNormalityParity : IParitySuite
{
    private const double Tolerance = 1e-4;

    private static readonly RememberingNormalityOptions Repo = new RememberingNormalityOptions(RememberingNormalityOptions.DistillationAdRecipe) { Schedule = RateSchedule.Constant };

    private static readonly (string Name, string Prefix, MemoryDirection Direction)[] Forms =
        [("st", "", MemoryDirection.Forward), ("rd", "rd.", MemoryDirection.Backward)];

    /// <inheritdoc/>
    public string Name => "remembering-normality";

    /// <inheritdoc/>
    public IEnumerable<ParityResult> Replay(string folder)
    {
        using var scope = NewDisposeScope();
        using var teacher = ParityTeacher.Of("resnet18", "teacher.feature_extractor.", BackboneTap.Layer4);
        return [.. Memory(folder), .. Forms.SelectMany(form => Train(folder, teacher, form)), .. Forms.SelectMany(form => Infer(folder, teacher, form))];
    }

    private static List<ParityResult> Memory(string folder)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "train.safetensors");
        var query = fixture.Tensor("memory.query");
        using var memory = new NormalityMemory(50, (int)query.shape[1], isFixed: true);
        ParityWeights.Fill(memory, "unit.");
        var weights = new[] { Repo.EmbeddingWeight, Repo.OrthogonalityWeight };
        return
        [
            .. fixture.Compare("lambda", tensor(weights), 1e-6),
            .. fixture.Compare("memory.by_keys", memory.call(query), Tolerance),
            .. fixture.Compare("memory.by_values", memory.RecallByValues(query), Tolerance),
        ];
    }

    private static List<ParityResult> Train(string folder, Teacher teacher, (string Name, string Prefix, MemoryDirection Direction) form)
    {
        using var fixture = new ParityFixture(folder, "train.safetensors");
        var pixels = cat([fixture.Tensor("input"), fixture.Tensor("exemplar")]);
        BackboneTap[] taps = (PyramidLayers.Layers123 | PyramidLayers.Layer4).Taps();
        using var images = TrainingImages.Of(new(Pixels: true, taps), teacher, pixels, ["a", "b", "c", "d"]);
        int[] batch = [0, 1], exemplars = [2, 3];
        var results = new List<ParityResult>();
        foreach (var learned in new[] { false, true })
        {
            var recipe = $"{form.Name}.{(learned ? "learned" : "fixed")}";
            using var network = Filled(new RememberingNormalityOptions(Repo) { Direction = form.Direction, FixedMemory = !learned, ExemplarsByKeys = !learned }, teacher, form.Prefix);
            using var run = Run(network, learned);
            network.Train(true);
            if (learned)
                results.AddRange(Start(network, run));
            ParityWeights.Fill(network.Student, $"{form.Prefix}student.");
            if (form.Direction == MemoryDirection.Backward)
                ParityWeights.Fill(network.Parts[1].Module, $"{form.Prefix}bn.");

            var replay = new RecipeReplay(fixture, run, batch)
            {
                Tolerance = form.Direction == MemoryDirection.Forward ? 1e-3 : 2e-3,
                WeightTolerance = Repo.LearningRate / 2,
            };
            results.AddRange(replay.Replay(recipe, ("", network.Student)));
            var terms = stack([replay.Column("distillation"), replay.Column("embedding"), replay.Column("orthogonality")], dim: 1);
            results.AddRange(fixture.Compare($"{recipe}.terms_losses", terms, replay.Tolerance));
        }
        return results;

        RememberingNormalityTraining Run(RememberingNormalityNetwork network, bool learned) =>
            new(new RememberingNormalityOptions(Repo) { Direction = form.Direction, FixedMemory = !learned, ExemplarsByKeys = !learned }, network, images, _ => exemplars);

        IEnumerable<ParityResult> Start(RememberingNormalityNetwork network, RememberingNormalityTraining run)
        {
            using var frozen = no_grad();
            var outputs = network.Outputs(images.Batch(batch));
            var ofExemplars = images.Batch(exemplars).Features;
            var losses = run.Losses(default, batch).ToDictionary(loss => loss.Name, loss => loss.Value);
            return
            [
                .. outputs.SelectMany((output, i) => fixture.Compare($"{form.Name}.student.out{i}", output, Tolerance)),
                .. run.Recalled(ofExemplars, byKeys: false).SelectMany((r, i) => fixture.Compare($"{form.Name}.recalled{i}", r.Recalled, Tolerance)),
                .. fixture.Compare($"{form.Name}.loss0.kd", losses["distillation"], Tolerance),
                .. fixture.Compare($"{form.Name}.loss0.nm_by_values", run.Embedding(ofExemplars, byKeys: false), Tolerance),
                .. fixture.Compare($"{form.Name}.loss0.nm_by_keys", run.Embedding(ofExemplars, byKeys: true), Tolerance),
                .. fixture.Compare($"{form.Name}.loss0.orth", losses["orthogonality"], Tolerance),
            ];
        }
    }

    private static List<ParityResult> Infer(string folder, Teacher teacher, (string Name, string Prefix, MemoryDirection Direction) form)
    {
        using var frozen = no_grad();
        using var fixture = new ParityFixture(folder, "infer.safetensors");
        var images = fixture.Tensor("input");
        var options = new RememberingNormalityOptions(Repo) { Direction = form.Direction, InputSize = (int)images.shape[2] };
        using var network = Filled(options, teacher, form.Prefix);
        var features = teacher.SharedFeatures(images, PyramidLayers.Layers123.Taps());
        return
        [
            .. features.Taps.SelectMany((tap, i) => fixture.Compare($"{form.Name}.teacher.{i}", features[tap], Tolerance)),
            .. network.Outputs(new(images, features)).SelectMany((output, i) => fixture.Compare($"{form.Name}.student.out{i}", output, Tolerance)),
            .. form.Direction == MemoryDirection.Backward ? fixture.Compare("rd.embedding", network.Code(features), Tolerance) : [],
            .. ParityMaps.Compare(fixture, form.Name, Map, Tolerance),
        ];

        Tensor Map(SmoothingKind smoothing)
        {
            using var network = Filled(new RememberingNormalityOptions(options) { Smoothing = smoothing }, teacher, form.Prefix);
            return network.Map(images);
        }
    }

    private static RememberingNormalityNetwork Filled(RememberingNormalityOptions options, Teacher teacher, string prefix)
    {
        var network = new RememberingNormalityNetwork(options, teacher, new MasterSeed(0));
        foreach (var (part, module) in network.Parts)
            ParityWeights.Fill(module, $"{prefix}{part}.");
        network.Train(false);
        return network;
    }
}
