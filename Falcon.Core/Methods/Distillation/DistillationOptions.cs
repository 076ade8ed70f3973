using System.Text.Json.Serialization;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Protocol;
using Falcon.Training;

namespace Falcon.Methods;

/// <summary>What the methods share in which a student learns a frozen teacher's features by gradient descent. Each method sets its own defaults.</summary>
public abstract class DistillationOptions : MethodOptions
{
    /// <inheritdoc/>
    public override int Epochs { get; init; }

    /// <inheritdoc/>
    public override int BatchSize { get; init; } = 8;

    /// <summary>Size of the input in pixels.</summary>
    public InputSize InputSize { get; init; } = 256;

    /// <summary>Resizes images to so many pixels of their shorter side and cuts the input from the middle, which shows no distortion and not all of an oblong
    /// image; null resizes the whole image to the input.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? ShorterSide { get; init; }

    /// <summary>How images are resized; <see cref="ResizeFilter.Bilinear"/> does not alias.</summary>
    public ResizeFilter Resizing { get; init; } = ResizeFilter.Bilinear;

    /// <summary>The nominal learning rate.</summary>
    public double LearningRate { get; init; } = 4e-4;

    /// <summary>How the learning rate changes.</summary>
    public RateSchedule Schedule { get; init; }

    /// <summary>Adam's decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.5;

    /// <summary>Adam's decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Whether a one-cycle schedule moves Adam's first beta too, in place of <see cref="Beta1"/>.</summary>
    public bool CyclesBeta1 { get; init; } = true;

    /// <summary>Weight decay, added to the gradient.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Which weights are kept: <c>lastEpoch</c>, <c>fixedEpoch:N</c> or <c>bestOnNormalValidation</c>.</summary>
    public CheckpointRule Checkpoint { get; init; } = new CheckpointRule.LastEpoch();

    /// <summary>The share of the training images that is held out to choose among epochs, rounded down; without any, the training loss chooses.</summary>
    public double ValidationShare { get; init; }

    /// <summary>Leaves the trained modules in evaluation mode after the first epoch, as public codes do that never switch back after validating.</summary>
    public bool FreezeBatchNormAfterFirstEpoch { get; init; }

    /// <summary>How the map is smoothed.</summary>
    public SmoothingKind Smoothing { get; init; } = SmoothingKind.TwoDimensional;

    /// <summary>Standard deviation of the smoothing in pixels of the input.</summary>
    public double SmoothingSigma { get; init; } = 4;

    /// <inheritdoc/>
    public override MapSmoothing MapSmoothing => Smoothing switch
    {
        SmoothingKind.TwoDimensional => new MapSmoothing.Gaussian(SmoothingSigma),
        SmoothingKind.RowWise => new MapSmoothing.GaussianRows(SmoothingSigma),
        _ => new MapSmoothing.None(),
    };

    /// <inheritdoc/>
    public override Preprocessing Preprocessing => Preprocessing.To(
        InputSize, Resizing, ShorterSide, tiling: Tiling, regionOfInterest: RegionOfInterest, whiteLevel: WhiteLevel);

    /// <inheritdoc/>
    public override TrainingPlan Plan =>
        base.Plan with { Checkpoint = Checkpoint, ValidationShare = ValidationShare, FreezesBatchNorm = FreezeBatchNormAfterFirstEpoch };

    /// <summary>The sides of the input must be multiples of this.</summary>
    protected virtual int InputUnit => 32;

    /// <inheritdoc/>
    public override IEnumerable<Finding> Check()
    {
        foreach (var finding in base.Check())
            yield return finding;
        if (!InputSize.IsMultipleOf(InputUnit, least: 32))
            yield return Wrong(nameof(InputSize), InputSize, $"Give multiples of {InputUnit}, at least 32.");
        if (ShorterSide < InputSize.Longer)
            yield return Wrong(nameof(ShorterSide), ShorterSide, $"Give at least {InputSize.Longer}, or leave it away to show whole images.");
        foreach (var finding in CheckDescent(LearningRate, Beta1, Beta2, WeightDecay))
            yield return finding;
        if (!(ValidationShare is >= 0 and < 1))
            yield return Wrong(nameof(ValidationShare), ValidationShare, "Give a number from 0 to below 1.");
        if (Checkpoint is CheckpointRule.OracleOnTest)
            yield return Wrong(nameof(Checkpoint), Checkpoint, "Training never sees test images: give lastEpoch, fixedEpoch:N or bestOnNormalValidation.");
        if (Checkpoint is CheckpointRule.FixedEpoch { Epoch: var epoch } && (epoch < 1 || epoch > Epochs))
            yield return Wrong(nameof(Checkpoint), Checkpoint, $"Give an epoch from 1 to {Epochs}.");
        if (!(SmoothingSigma > 0 && SmoothingSigma <= InputSize.Longer))
            yield return Wrong(nameof(SmoothingSigma), SmoothingSigma, $"Give a number above 0, at most {InputSize.Longer}; to switch smoothing off set Smoothing=None.");
    }

    /// <summary>Sets what the DistillationAD collection trains all of its methods with: 224 pixels, batch 8, 50 epochs, Adam 4e-4 in one cycle, a fifth of
    /// the images held out, the best epoch kept, maps smoothed.</summary>
    protected bool CommonRecipe
    {
        init
        {
            (InputSize, BatchSize, Epochs) = (224, 8, 50);
            (LearningRate, Beta1, Beta2, WeightDecay, Schedule) = (4e-4, 0.5, 0.999, 0, RateSchedule.OneCycle);
            (ValidationShare, Checkpoint) = (0.2, new CheckpointRule.BestOnNormalValidation());
            (Smoothing, SmoothingSigma) = (SmoothingKind.TwoDimensional, 4);
        }
    }
}

/// <summary>How an anomaly map is smoothed with a Gaussian.</summary>
public enum SmoothingKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>In both directions.</summary>
    TwoDimensional,

    /// <summary>Along rows only, as public codes do by mistake when a batch holds one image.</summary>
    RowWise,
}
