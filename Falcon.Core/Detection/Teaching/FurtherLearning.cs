using Falcon.Methods;
using Falcon.Randomness;
using Falcon.Training;

namespace Falcon.Detection;

/// <summary>How a network that has learnt some photos learns further ones.</summary>
/// <param name="network">The network.</param>
/// <param name="plan">The method's own training.</param>
/// <param name="seed">Another seed for each lesson; each short training has its own stream, <c>teaching</c>.</param>
/// <param name="progress">Told after each epoch; the images seen are those of all short trainings so far.</param>
/// <param name="cancellation">Stops at the next step.</param>
internal sealed class FurtherLearning(
    AnomalyNetwork network, TrainingPlan plan, MasterSeed seed, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
{
    /// <summary>The share of a short training in the method's own, and how many of them there are at most: together they are as long as that.</summary>
    private const double Share = 0.2;

    private const int MostTrainings = 5;

    /// <summary>Learns and leaves the network in evaluation mode.</summary>
    /// <param name="images">The further images alone where the network absorbs them, else all.</param>
    /// <param name="epochs">Passes of one training, in place of short ones until it is enough.</param>
    /// <param name="isEnough">Asked after each short training.</param>
    /// <returns>The mean losses of each epoch; none where no steps are taken.</returns>
    public IReadOnlyList<IReadOnlyDictionary<string, double>> Run(TrainingImages images, int? epochs, Func<bool> isEnough)
    {
        if (network.Absorbs)
        {
            network.Absorb(images);
            return [];
        }
        var (told, losses) = (new TrainingsInTurn(progress), new List<IReadOnlyDictionary<string, double>>());
        var lesson = epochs is { } passes ? plan.Share(1) with { Epochs = passes, Steps = null } : plan.Share(Share);
        for (var training = 0; training < (epochs is null ? MostTrainings : 1); training++)
        {
            var draws = new MasterSeed(unchecked((long)seed.StreamSeed("teaching", $"{training}")));
            losses.AddRange(network.LearnFurther(lesson, images, draws, told, cancellation).Select(epoch => epoch.ToDictionary()));
            if (isEnough() || !lesson.TakesSteps)
                break;
        }
        return losses;
    }
}
