using System.Text.Json.Serialization;
using Falcon.Backbones;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Methods;

/// <summary>EfficientAD (Batzner et al., WACV 2024, arXiv 2303.14535): a small student imitates a small teacher where that is hardest, an autoencoder adds what only
/// the whole image shows. The defaults are those of the public re-implementation closest to the paper; <see cref="Lite"/> is the student alone, as in
/// the DistillationAD collection.</summary>
public sealed class EfficientAdOptions : DistillationOptions
{
    internal static readonly BackboneTap[] Taps = [BackboneTap.Patches];

    /// <summary>The full method.</summary>
    public EfficientAdOptions()
    {
        PublishedBackbone = PatchDescriptionNetwork.Small;
        (BatchSize, LearningRate, Beta1, WeightDecay, Schedule) = (1, 1e-4, 0.9, 1e-5, RateSchedule.LateDrop);
        (ValidationShare, Smoothing) = (0.1, SmoothingKind.None);
    }

    /// <summary>A copy; F# sets properties on it: <c>EfficientAdOptions(options, Steps = 1000)</c>.</summary>
    /// <param name="original">The options to copy.</param>
    public EfficientAdOptions(EfficientAdOptions original) => Copy(original);

    /// <summary>Student and teacher alone, with the recipe of the DistillationAD collection (method <c>ead</c>).</summary>
    public static EfficientAdOptions Lite => new()
    {
        CommonRecipe = true,
        InputSize = 256,
        StudentOnly = true,
        Steps = 0,
    };

    /// <inheritdoc/>
    public override string Name => "efficientad";

    /// <inheritdoc/>
    public override string DisplayName => "EfficientAD";

    /// <summary>Training steps in all; 0 to count <see cref="MethodOptions.Epochs"/> instead, which are without effect otherwise.</summary>
    public long Steps { get; init; } = 70_000;

    /// <summary>A folder of varied everyday images on which the student is to stay silent; empty for none, which costs accuracy. Not the training images.</summary>
    public string PenaltyImages { get; init; } = "";

    /// <inheritdoc/>
    public override string? FurtherImages => PenaltyImages.Length > 0 ? PenaltyImages : null;

    /// <summary>The share of elements that are too easy to count in the student's loss.</summary>
    public double EasyShare { get; init; } = 0.999;

    /// <summary>Leaves autoencoder, penalty and statistics out.</summary>
    public bool StudentOnly { get; init; }

    /// <summary>Student alone: whether features are compared as unit vectors; otherwise as they are.</summary>
    public bool Normalise { get; init; } = true;

    /// <summary>Pads and enlarges the maps before their quantiles are taken, so that the rim does not outrank normal areas.</summary>
    public bool NormaliseEnlarged { get; init; }

    /// <summary>Takes the maps' quantiles of so many values drawn at random, as a library must that cannot order more; 0 for all values.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int QuantileSample { get; init; }

    /// <summary>Leaves channels out in which the teacher is the same everywhere on the training images; otherwise their deviation counts as 1e-6.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DropDeadChannels { get; init; }

    /// <inheritdoc/>
    public override TrainingPlan Plan => base.Plan with { Steps = Steps == 0 ? null : Steps };

    /// <inheritdoc/>
    public override InputNeeds TrainingNeeds => ScoringNeeds;

    /// <inheritdoc/>
    public override InputNeeds ScoringNeeds => new(Pixels: true, Taps);

    /// <summary>The size of the student.</summary>
    internal static PdnSize Size(Teacher teacher) => teacher.Provenance.Backbone == PatchDescriptionNetwork.Medium ? PdnSize.Medium : PdnSize.Small;

    /// <inheritdoc/>
    public override bool RunsTeacher => !StudentOnly;

    /// <inheritdoc/>
    public override bool ScoresFallWithPhotos => StudentOnly;

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Backbones => [PatchDescriptionNetwork.Small, PatchDescriptionNetwork.Medium];

    /// <inheritdoc/>
    protected override bool CountsEpochs => Steps == 0;

    /// <inheritdoc/>
    protected override int InputUnit => StudentOnly ? 4 : 64;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!StudentOnly && InputSize.Shorter < 256)
            yield return Wrong(nameof(InputSize), InputSize, "Give at least 256: the autoencoder's code needs 8×8 cells.");
        if (Steps < 0)
            yield return Wrong(nameof(Steps), Steps, "Give 0 or more.");
        if (!(EasyShare is >= 0 and < 1))
            yield return Wrong(nameof(EasyShare), EasyShare, "Give a number from 0 to below 1.");
        if (PenaltyImages.Length > 0 && !Directory.Exists(PenaltyImages))
            yield return Wrong(nameof(PenaltyImages), PenaltyImages, "Give a folder of images.");
        if (PenaltyImages.Length > 0 && InputSize.Longer > EfficientAdDraws.PenaltySide)
            yield return Wrong(nameof(InputSize), InputSize, $"Give at most {EfficientAdDraws.PenaltySide}: the input is cut from penalty images of that size.");
        if (QuantileSample < 0)
            yield return Wrong(nameof(QuantileSample), QuantileSample, "Give 0 or more.");
    }

    /// <inheritdoc/>
    public override IEnumerable<Finding> Warnings()
    {
        if (!StudentOnly && PenaltyImages.Length == 0)
            yield return new(
                "there are no penalty images: the student may learn to imitate the teacher on defects, too", $"{DisplayName} option {nameof(PenaltyImages)}",
                "Name a folder of varied everyday images, not the training images.");
    }

    /// <inheritdoc/>
    protected override AnomalyNetwork BuildNetwork(Teacher teacher, MasterSeed seed) => new EfficientAdNetwork(this, teacher, seed);

}
