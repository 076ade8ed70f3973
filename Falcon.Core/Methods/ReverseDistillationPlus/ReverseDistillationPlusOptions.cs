using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Imaging;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Methods;

/// <summary>RD++ (Tien et al., "Revisiting Reverse Distillation for Anomaly Detection", CVPR 2023): reverse distillation whose bottleneck sees the teacher's
/// features through projections that learn to be compact and to wipe out noise. The defaults are the authors' recipe; their number of epochs differs between
/// categories (<see cref="PublishedEpochs"/>).</summary>
public sealed class ReverseDistillationPlusOptions : DistillationOptions
{
    /// <summary>Batches of a step where there are several in an epoch, as published.</summary>
    internal const int PublishedAccumulation = 2;

    /// <summary>The authors' recipe.</summary>
    public ReverseDistillationPlusOptions()
    {
        PublishedBackbone = "wide_resnet50_2";
        Resizing = ResizeFilter.PlainBilinear;
        (Epochs, BatchSize, LearningRate) = (200, 16, 5e-3);
    }

    /// <summary>A copy; F# sets properties on it: <c>ReverseDistillationPlusOptions(options, Epochs = 20)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public ReverseDistillationPlusOptions(ReverseDistillationPlusOptions original) => Copy(original);

    /// <summary>The authors' number of epochs for each category of MVTec AD, chosen on the test images; 200 for categories of other data sets is Falcon's
    /// choice.</summary>
    public static IReadOnlyDictionary<string, int> PublishedEpochs { get; } = new Dictionary<string, int>
    {
        ["carpet"] = 10,
        ["leather"] = 10,
        ["wood"] = 100,
        ["hazelnut"] = 160,
        ["metal_nut"] = 160,
        ["bottle"] = 200,
        ["pill"] = 200,
        ["cable"] = 240,
        ["grid"] = 260,
        ["tile"] = 260,
        ["screw"] = 280,
        ["toothbrush"] = 280,
        ["capsule"] = 300,
        ["transistor"] = 300,
        ["zipper"] = 300,
    };

    /// <inheritdoc/>
    public override string Name => "rdpp";

    /// <inheritdoc/>
    public override string DisplayName => "RD++";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <summary>The nominal learning rate of the projections; <see cref="DistillationOptions.LearningRate"/> is that of bottleneck and student.</summary>
    public double ProjectionLearningRate { get; init; } = 1e-3;

    /// <summary>Weight of the projections' losses beside distillation.</summary>
    public double ProjectionWeight { get; init; } = 0.2;

    /// <summary>Weight of the reconstruction among the projections' losses.</summary>
    public double ReconstructionWeight { get; init; } = 0.01;

    /// <summary>Weight of the contrast among the projections' losses.</summary>
    public double ContrastWeight { get; init; } = 0.1;

    /// <summary>What optimal transport compares; its weight among the projections' losses is 1.</summary>
    public OptimalTransport OptimalTransport { get; init; }

    /// <summary>Batches whose gradients are added up for one step of the optimisers; null for 2, or 1 where all images fit into one batch.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Accumulation { get; init; }

    /// <summary>Which batches are added up.</summary>
    public BatchCounting BatchCounting { get; init; }

    /// <summary>How often the field of noise is drawn.</summary>
    public NoiseField NoiseField { get; init; }

    /// <inheritdoc/>
    public override bool RunsTeacher => true;

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => new(Pixels: true, ReverseDistillationOptions.Taps);

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: false, ReverseDistillationOptions.Taps);

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => ["wide_resnet50_2", "resnet18", "resnet34", "resnet50", BackboneCatalog.Compact];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!(ProjectionLearningRate > 0))
            yield return Wrong(nameof(ProjectionLearningRate), ProjectionLearningRate, "Give a positive number.");
        if (Accumulation < 1)
            yield return Wrong(nameof(Accumulation), Accumulation, "Give at least 1, or leave it away.");
        foreach (var (name, weight) in new[]
                 {
                     (nameof(ProjectionWeight), ProjectionWeight), (nameof(ReconstructionWeight), ReconstructionWeight), (nameof(ContrastWeight), ContrastWeight),
                 })
            if (!(weight >= 0))
                yield return Wrong(name, weight, "Give 0 or more.");
    }

    /// <summary>Batches of a step when a pass over the images takes so many.</summary>
    internal int BatchesOfStep(int batchesPerEpoch) => Accumulation ?? (batchesPerEpoch > 1 ? PublishedAccumulation : 1);

    /// <summary>Which update of the optimisers follows on a batch, from 1; null when the batch's gradient is kept for a later one.</summary>
    internal long? UpdateAfter(TrainingMoment moment)
    {
        var batches = BatchesOfStep(moment.StepsPerEpoch);
        var (updates, left) = BatchCounting == BatchCounting.PerEpoch
            ? Math.DivRem(moment.StepOfEpoch + 1L, batches)
            : Math.DivRem(moment.Step + 1, batches);
        return left > 0 ? null : BatchCounting == BatchCounting.PerEpoch ? updates + (long)moment.Epoch * (moment.StepsPerEpoch / batches) : updates;
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new ReverseDistillationPlusNetwork(this, teacher, seed);
}

/// <summary>What RD++ compares by optimal transport.</summary>
public enum OptimalTransport
{
    /// <summary>Nothing: the term of the published code is 0.</summary>
    None,

    /// <summary>Each image with another one of the batch, as the paper's figure shows it.</summary>
    Pairwise,

    /// <summary>The batch with itself in another order, as the published code does: 0 up to rounding, with a gradient of 0.</summary>
    Batch,
}

/// <summary>Which batches RD++ adds up for a step.</summary>
public enum BatchCounting
{
    /// <summary>The next ones, whatever their epoch.</summary>
    AcrossEpochs,

    /// <summary>Those of an epoch, as the published code does: what is left over at its end is added to the first step of the next one.</summary>
    PerEpoch,
}

/// <summary>How often RD++ draws a field of noise.</summary>
public enum NoiseField
{
    /// <summary>Once per training, as the published code does: only place and size of the noise vary.</summary>
    Run,

    /// <summary>For each noised image.</summary>
    Image,
}
