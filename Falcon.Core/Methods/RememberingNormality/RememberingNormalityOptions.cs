using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Results;
using Falcon.Training;

namespace Falcon.Methods;

/// <summary>Remembering normality, memory-guided knowledge distillation (Gu et al., ICCV 2023): a student that continues on what a memory of normal features
/// recalls cannot follow the teacher on anomalies. The defaults are those of the re-implementation that follows the paper; <see cref="Repo"/> is the recipe
/// of the DistillationAD collection.</summary>
public sealed record RememberingNormalityOptions : DistillationOptions
{
    internal const string MethodName = "rn";

    /// <summary>The recipe of the RememberingNormality repository.</summary>
    public RememberingNormalityOptions()
    {
        (Epochs, BatchSize, LearningRate, Schedule) = (50, 16, 5e-3, RateSchedule.OneCycle);
        (ValidationShare, Checkpoint) = (0.2, new CheckpointRule.BestOnNormalValidation());
    }

    /// <summary>The recipe of the DistillationAD collection (methods <c>rnst</c> and <c>rnrd</c>), without its mistakes (<c>docs/methods.md</c>).</summary>
    [JsonIgnore]
    public static RememberingNormalityOptions Repo
    {
        get
        {
            var options = new RememberingNormalityOptions { Exemplars = 8, NarrowStudent = false };
            options.UseCommonRecipe();
            return options;
        }
    }

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Name => MethodName;

    /// <inheritdoc/>
    [JsonIgnore]
    public override string DisplayName => Direction == MemoryDirection.Forward ? "Remembering normality" : "Remembering normality (backward)";

    /// <summary>Which way the student runs.</summary>
    public MemoryDirection Direction { get; set; }

    /// <summary>Rows of each memory's tables.</summary>
    public int MemoryRows { get; set; } = 50;

    /// <summary>Training images drawn for the memories at each step, beside the batch.</summary>
    public int Exemplars { get; set; } = 16;

    /// <summary>Weight λ₁ of the loss that makes memories recall exemplars.</summary>
    public double EmbeddingWeight { get; set; } = 0.1;

    /// <summary>Weight λ₂ of the loss that keeps keys and values apart.</summary>
    public double OrthogonalityWeight { get; set; } = 0.1;

    /// <summary>Freezes the tables as they are drawn, as both public codes do.</summary>
    public bool FixedMemory { get; set; }

    /// <summary>Exemplars address the memory by its keys instead of its values, as DistillationAD does.</summary>
    public bool ExemplarsByKeys { get; set; }

    /// <summary>Averages squared cosines of keys and values instead of signed ones, which learn to be negative.</summary>
    public bool SquaredOrthogonality { get; set; }

    /// <summary>Gives a wide teacher a forward student of ordinary width.</summary>
    public bool NarrowStudent { get; set; } = true;

    /// <summary>A copy; F# sets named properties on it: <c>options.With(Epochs = 20)</c>.</summary>
    public RememberingNormalityOptions With() => this with { };

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds TrainingNeeds => Direction == MemoryDirection.Forward
        ? ScoringNeeds
        : new(Pixels: false, (PyramidLayers.Layers123 | PyramidLayers.Layer4).Taps());

    /// <inheritdoc/>
    [JsonIgnore]
    public override InputNeeds ScoringNeeds => new(Pixels: Direction == MemoryDirection.Forward, PyramidLayers.Layers123.Taps());

    private protected override IReadOnlyList<string> Backbones => ["resnet18", "resnet34", "resnet50", "wide_resnet50_2", BackboneCatalog.Kestrel];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (MemoryRows < 1)
            yield return Wrong(nameof(MemoryRows), MemoryRows, "Give at least 1.");
        if (Exemplars < 1)
            yield return Wrong(nameof(Exemplars), Exemplars, "Give at least 1.");
        if (!(EmbeddingWeight >= 0))
            yield return Wrong(nameof(EmbeddingWeight), EmbeddingWeight, "Give 0 or more.");
        if (!(OrthogonalityWeight >= 0))
            yield return Wrong(nameof(OrthogonalityWeight), OrthogonalityWeight, "Give 0 or more.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new RememberingNormalityNetwork(this, teacher, seed);

    /// <inheritdoc/>
    public override TrainingRun StartTraining(AnomalyNetwork network, TrainingImages images, MasterSeed seed)
    {
        return new RememberingNormalityTraining(this, (RememberingNormalityNetwork)network, images, Draw);

        // Fewer images than exemplars are drawn again from the first.
        int[] Draw(TrainingMoment moment)
        {
            int[] order = [.. images.Split.Training];
            seed.Stream("exemplars", $"{moment.Step}").Shuffle<int>(order);
            return [.. Enumerable.Range(0, Exemplars).Select(i => order[i % order.Length])];
        }
    }
}
