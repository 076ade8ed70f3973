using Falcon.Results;

namespace Falcon.Training;

/// <summary>What <see cref="Trainer"/> does beyond passing over the images in batches.</summary>
public sealed record TrainingPlan
{
    /// <summary>Passes over all images, the last weights kept.</summary>
    public static TrainingPlan Plain { get; } = new();

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

    /// <summary>The passes that a training takes.</summary>
    /// <param name="epochs">The passes it would take if it counted passes.</param>
    /// <param name="stepsPerEpoch">Steps of each pass.</param>
    public int Epochs(int epochs, int stepsPerEpoch) => Steps is { } steps ? (int)((steps + stepsPerEpoch - 1) / stepsPerEpoch) : epochs;

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
