using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Parity;

/// <summary>Replays the fixtures of remembering normality (specification, section 9), forward (<c>st</c>) and backward (<c>rd</c>).</summary>
public sealed class RememberingNormalityParity : FixtureSuite
{
    private const double Tolerance = 1e-4;
    private const string Keys = ".memory1.keys";
    private const int RecordedRows = 20;

    private static readonly RememberingNormalityOptions Repo = new RememberingNormalityOptions(RememberingNormalityOptions.DistillationAdRecipe) { Schedule = RateSchedule.Constant };

    private static readonly (string Name, string Prefix, MemoryDirection Direction)[] Forms =
        [("st", "", MemoryDirection.Forward), ("rd", "rd.", MemoryDirection.Backward)];

    /// <inheritdoc/>
    public override string Name => "remembering-normality";

    /// <inheritdoc/>
    protected override IReadOnlyList<(string File, Action<ParityFixture> Run)> Parts => [(TrainFile, Train), (InferFile, Infer)];

    private static void Train(ParityFixture fixture)
    {
        using var teacher = Teacher(fixture);
        var options = Sized(fixture);
        if (fixture.ShapeOf("lambda", [2]) is not null)
        {
            double[] weights = [.. fixture.Input("lambda", () => tensor(new[] { 0.2f, 0.3f })).to(ScalarType.Float64).data<double>()];
            options = new RememberingNormalityOptions(options) { EmbeddingWeight = weights[0], OrthogonalityWeight = weights[1] };
        }
        Memory(fixture, options);
        var (input, exemplar) = (fixture.Images("input"), fixture.Images("exemplar"));
        BackboneTap[] taps = (PyramidLayers.Layers123 | PyramidLayers.Layer4).Taps();
        using var images = ParityFixture.Training(new(Pixels: true, taps), teacher, cat([input, exemplar]));
        foreach (var (name, prefix, direction) in Forms)
            foreach (var learned in new[] { false, true })
            {
                var form = new RememberingNormalityOptions(options) { Direction = direction, FixedMemory = !learned, ExemplarsByKeys = !learned };
                Train(fixture, form, teacher, images, (int)input.shape[0], name, prefix);
            }
    }

    private static void Memory(ParityFixture fixture, RememberingNormalityOptions options)
    {
        using var frozen = no_grad();
        var query = fixture.Input("memory.query", () => fixture.Uniform("memory.query", 3, 12, 4, 5) - 0.5);
        using var memory = new NormalityMemory(options.MemoryRows, (int)query.shape[1], isFixed: true);
        fixture.Fill(memory, "unit.");
        fixture.Check("memory.by_keys", memory.call(query), Tolerance);
        fixture.Check("memory.by_values", memory.RecallByValues(query), Tolerance);
    }

    /// <param name="fixture">The fixture.</param>
    /// <param name="options">The form.</param>
    /// <param name="teacher">The teacher.</param>
    /// <param name="images">The batch, then the exemplars.</param>
    /// <param name="count">Images of the batch.</param>
    /// <param name="name">The form's name.</param>
    /// <param name="prefix">Stands before its weights.</param>
    private static void Train(
        ParityFixture fixture, RememberingNormalityOptions options, Teacher teacher, TrainingImages images, int count, string name, string prefix)
    {
        int[] exemplars = [.. Enumerable.Range(count, images.Count - count)];
        var (recipe, isForward) = ($"{name}.{(options.FixedMemory ? "fixed" : "learned")}", options.Direction == MemoryDirection.Forward);
        using var network = fixture.Network<RememberingNormalityNetwork>(options, teacher, prefix);
        var run = new RememberingNormalityTraining(options, network, images, _ => exemplars);
        network.Train(true);
        if (!options.FixedMemory)
        {
            Start();
            fixture.Refill(network, prefix);
        }
        new RecipeReplay(fixture, run, count) { Tolerance = isForward ? 1e-3 : 2e-3, WeightTolerance = options.LearningRate / 2 }
            .Replay(recipe, ("", network.Student)).CheckColumns($"{recipe}.terms_losses", "distillation", "embedding", "orthogonality");

        void Start()
        {
            using var frozen = no_grad();
            int[] batch = [.. Enumerable.Range(0, count)];
            var ofExemplars = images.Batch(exemplars).Features;
            var losses = run.Losses(default, batch).ToDictionary(loss => loss.Name, loss => loss.Value);
            fixture.Check($"{name}.loss0.kd", losses["distillation"], Tolerance);
            fixture.Check($"{name}.loss0.orth", losses["orthogonality"], Tolerance);
            fixture.Check($"{name}.student.out", network.Outputs(images.Batch(batch)), Tolerance);
            fixture.Check($"{name}.recalled", run.Recalled(ofExemplars, byKeys: false).Select(r => r.Recalled), Tolerance);
            fixture.Check($"{name}.loss0.nm_by_values", run.Embedding(ofExemplars, byKeys: false), Tolerance);
            fixture.Check($"{name}.loss0.nm_by_keys", run.Embedding(ofExemplars, byKeys: true), Tolerance);
        }
    }

    private static void Infer(ParityFixture fixture)
    {
        using var frozen = no_grad();
        using var teacher = Teacher(fixture);
        using var trained = new StoredFixture(fixture.Folder, TrainFile);
        var images = fixture.Images("input");
        foreach (var (name, prefix, direction) in Forms)
        {
            var options = new RememberingNormalityOptions(Sized(trained)) { Direction = direction, InputSize = ParityFixture.SizeOf(images) };
            using var network = fixture.Network<RememberingNormalityNetwork>(options, teacher, prefix);
            var features = teacher.SharedFeatures(images, PyramidLayers.Layers123.Taps());
            fixture.Check($"{name}.teacher.", features.Taps.Select(tap => features[tap]), Tolerance);
            fixture.Check($"{name}.student.out", network.Outputs(new(images, features)), Tolerance);
            if (direction == MemoryDirection.Backward)
                fixture.Check($"{name}.embedding", network.Code(features), Tolerance);
            fixture.CheckMaps(name, Map, Tolerance);

            Tensor Map(SmoothingKind smoothing)
            {
                using var network = fixture.Network<RememberingNormalityNetwork>(new RememberingNormalityOptions(options) { Smoothing = smoothing }, teacher, prefix);
                return network.Map(images);
            }
        }
    }

    /// <summary>The recipe with as many rows of memory as the training's fixture shows.</summary>
    private static RememberingNormalityOptions Sized(ParityFixture train)
    {
        var keys = train.Cases("", Keys, "st.learned.after1").FirstOrDefault();
        return train.ShapeOf(keys + Keys, [RecordedRows, 0]) is { } shape ? new RememberingNormalityOptions(Repo) { MemoryRows = (int)shape[0] } : Repo;
    }

    private static Teacher Teacher(ParityFixture fixture) => fixture.Teacher("resnet18", BackboneTap.Layer4, "teacher.feature_extractor.");
}
