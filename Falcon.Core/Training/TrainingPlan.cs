using Falcon.Protocol;

namespace Falcon.Training;

/// <summary>What <see cref="Trainer"/> does: passes over all images in batches, and whatever is said beyond that.</summary>
/// <param name="Epochs">Passes over the training images; 0 for a method that takes no steps.</param>
/// <param name="BatchSize">Images per training step.</param>
public sealed record TrainingPlan(int Epochs, int BatchSize)
{
    /// <summary>Which weights are kept.</summary>
    public CheckpointRule Checkpoint { get; init; } = new CheckpointRule.LastEpoch();

    /// <summary>The share of the images, in [0, 1), that is held out of training; rounded down, so that of few images none is.</summary>
    public double ValidationShare { get; init; }

    /// <summary>Epochs without a better loss after which training ends; null to train to the end.</summary>
    public int? Patience { get; init; }

    /// <summary>Steps in all, whatever the number of images; null to count passes.</summary>
    public long? Steps { get; init; }

    /// <summary>Leaves modules in evaluation mode from the second epoch on, as public codes do that never switch back after validating.</summary>
    public bool FreezesBatchNorm { get; init; }

    /// <summary>Whether there are steps at all.</summary>
    public bool TakesSteps => Epochs > 0 || Steps > 0;

    /// <summary>Which weights a training on this many images keeps: <see cref="Checkpoint"/>, unless there are no steps, or no image is held out to choose by.</summary>
    public CheckpointRule Kept(int images) => Checkpoint switch
    {
        _ when !TakesSteps => new CheckpointRule.Untrained(),
        CheckpointRule.BestOnNormalValidation when TrainingSplit.Held(images, ValidationShare) == 0 => new CheckpointRule.BestOnTraining(),
        CheckpointRule.LastEpoch when Steps is not null => new CheckpointRule.LastStep(),
        var rule => rule,
    };

    /// <summary>The plan of a shorter training that holds nothing out.</summary>
    /// <param name="share">Its share of the passes or steps, above 0; at least one of them is left.</param>
    public TrainingPlan Share(double share) => this with
    {
        Epochs = (int)Math.Ceiling(share * Epochs),
        Steps = Steps is { } steps ? (long)Math.Ceiling(share * steps) : null,
        ValidationShare = 0,
    };

    /// <summary>The steps of a pass over so many images.</summary>
    public int StepsPerEpoch(int images) => Math.Max(1, (images + BatchSize - 1) / BatchSize);

    /// <summary>The passes that a training takes.</summary>
    /// <param name="stepsPerEpoch">Steps of each pass.</param>
    public int Passes(int stepsPerEpoch) => Steps is { } steps ? (int)((steps + stepsPerEpoch - 1) / stepsPerEpoch) : Epochs;

    /// <summary>How often a training on this many images uses one, repeats counted, unless it ends early.</summary>
    public long ImagesSeen(int images)
    {
        var training = images - TrainingSplit.Held(images, ValidationShare);
        return (long)Passes(StepsPerEpoch(training)) * training;
    }

    /// <summary>Whether patience has run out.</summary>
    /// <param name="losses">The loss of each finished epoch.</param>
    internal bool HasEnough(IReadOnlyList<double> losses) => Patience is { } patience && losses.Count > 0 && losses.Count - 1 - Best(losses) >= patience;

    /// <summary>The first epoch with the lowest loss.</summary>
    private static int Best(IReadOnlyList<double> losses)
    {
        var best = 0;
        for (var i = 1; i < losses.Count; i++)
            if (losses[i] < losses[best])
                best = i;
        return best;
    }
}
