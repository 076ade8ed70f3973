using Falcon.Backbones;
using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Pretraining;

/// <summary>How a compact teacher is made. By distillation: it learns to repeat three layers of a larger network on crops of drawn pictures and photos. Or
/// from scratch: it learns to tell from which family of drawn pictures a crop comes (formula-driven supervised pre-training; Kataoka et al., "Pre-training
/// without natural images", ACCV 2020).</summary>
public sealed class TeacherPretrainingOptions : PretrainingOptions
{
    /// <summary>Distillation of ResNet-18 into <see cref="BackboneCatalog.Compact"/>.</summary>
    public TeacherPretrainingOptions()
    {
        InputSize = 128;
        (Steps, BatchSize, LearningRate, Beta1, WeightDecay) = (10_000, 32, 2e-4, 0.9, 1e-5);
        (Schedule, CyclesBeta1) = (RateSchedule.OneCycle, false);
    }

    /// <summary>A copy; F# sets properties on it: <c>TeacherPretrainingOptions(options, Steps = 1000)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public TeacherPretrainingOptions(TeacherPretrainingOptions original) => Copy(original);

    /// <inheritdoc/>
    public override string Name => "teacher-pretraining";

    /// <inheritdoc/>
    public override string DisplayName => "teacher pre-training";

    /// <inheritdoc/>
    public override int Version => 2;

    /// <summary>The network to train: a residual network whose layers 1 to 3 have the channels and strides of the source's.</summary>
    public string Network { get; init; } = BackboneCatalog.Compact;

    /// <summary>Whether the families of drawn pictures are told apart, without any source teacher.</summary>
    public bool FromScratch { get; init; }

    /// <summary>Crops that are cut from one picture, at most <see cref="DistillationOptions.BatchSize"/>.</summary>
    public int CropsPerPicture { get; init; } = 8;

    /// <summary>The share of pictures that are photos, in [0, 1], where a folder of photos is given and the network does not start from scratch.</summary>
    public double PhotoShare { get; init; } = 0.5;

    /// <summary>Batches on which the source's channels are measured before the first step.</summary>
    public int StatisticsBatches { get; init; } = 32;

    /// <summary>Steps after which losses are noted and progress is told.</summary>
    public int StepsPerReport { get; init; } = 100;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => [.. BackboneCatalog.All.Where(known => !known.Bottleneck).Select(known => known.Name)];

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!Backbones.Contains(Network))
            yield return Wrong(nameof(Network), Network, $"Give one of: {string.Join(", ", Backbones)}.");
        if (CropsPerPicture < 1 || CropsPerPicture > BatchSize)
            yield return Wrong(nameof(CropsPerPicture), CropsPerPicture, $"Give a number from 1 to {BatchSize}, the crops of a batch.");
        if (!(PhotoShare is >= 0 and <= 1))
            yield return Wrong(nameof(PhotoShare), PhotoShare, "Give a number from 0 to 1.");
        if (StatisticsBatches < 1)
            yield return Wrong(nameof(StatisticsBatches), StatisticsBatches, "Give at least 1.");
        if (StepsPerReport < 1)
            yield return Wrong(nameof(StepsPerReport), StepsPerReport, "Give at least 1.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new TeacherPretrainingNetwork(this, [teacher], seed);

}
