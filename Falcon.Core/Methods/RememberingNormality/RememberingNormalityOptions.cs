using Falcon.Backbones;
using Falcon.Protocol;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Methods;

/// <summary>Remembering normality, memory-guided knowledge distillation (Gu et al., ICCV 2023): a student that continues on what a memory of normal features
/// recalls cannot follow the teacher on anomalies. The defaults are those of the re-implementation that follows the paper; <see cref="DistillationAdRecipe"/> is the recipe
/// of the DistillationAD collection.</summary>
public sealed class RememberingNormalityOptions : DistillationOptions
{
    /// <summary>The recipe of the RememberingNormality repository.</summary>
    public RememberingNormalityOptions()
    {
        (Epochs, BatchSize, LearningRate, Schedule) = (50, 16, 5e-3, RateSchedule.OneCycle);
        (ValidationShare, Checkpoint) = (0.2, new CheckpointRule.BestOnNormalValidation());
    }

    /// <summary>A copy; F# sets properties on it: <c>RememberingNormalityOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public RememberingNormalityOptions(RememberingNormalityOptions original) => Copy(original);

    /// <summary>The recipe of the DistillationAD collection (methods <c>rnst</c> and <c>rnrd</c>), without its mistakes (<c>docs/methods.md</c>).</summary>
    public static RememberingNormalityOptions DistillationAdRecipe => new()
    {
        CommonRecipe = true,
        Exemplars = 8,
        NarrowStudent = false,
    };

    /// <inheritdoc/>
    public override string Name => "rn";

    /// <inheritdoc/>
    public override string DisplayName => Direction == MemoryDirection.Forward ? "Remembering normality" : "Remembering normality (backward)";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <summary>Which way the student runs.</summary>
    public MemoryDirection Direction { get; init; }

    /// <summary>Rows of each memory's tables.</summary>
    public int MemoryRows { get; init; } = 50;

    /// <summary>Training images drawn for the memories at each step, beside the batch.</summary>
    public int Exemplars { get; init; } = 16;

    /// <summary>Weight λ₁ of the loss that makes memories recall exemplars.</summary>
    public double EmbeddingWeight { get; init; } = 0.1;

    /// <summary>Weight λ₂ of the loss that keeps keys and values apart.</summary>
    public double OrthogonalityWeight { get; init; } = 0.1;

    /// <summary>Freezes the tables as they are drawn, as both public codes do.</summary>
    public bool FixedMemory { get; init; }

    /// <summary>Exemplars address the memory by its keys instead of its values, as DistillationAD does.</summary>
    public bool ExemplarsByKeys { get; init; }

    /// <summary>Averages squared cosines of keys and values instead of signed ones, which learn to be negative.</summary>
    public bool SquaredOrthogonality { get; init; }

    /// <summary>Gives a wide teacher a forward student of ordinary width.</summary>
    public bool NarrowStudent { get; init; } = true;

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => Direction == MemoryDirection.Forward
        ? ScoringNeeds
        : new(Pixels: false, (PyramidLayers.Layers123 | PyramidLayers.Layer4).Taps());

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: Direction == MemoryDirection.Forward, PyramidLayers.Layers123.Taps());

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["resnet18", "resnet34", "resnet50", "wide_resnet50_2", BackboneCatalog.Compact];

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

}

/// <summary>Which way the student of remembering normality runs.</summary>
public enum MemoryDirection
{
    /// <summary>From the image, beside the teacher.</summary>
    Forward,

    /// <summary>From a code of the teacher's features back to them, as reverse distillation.</summary>
    Backward,
}
