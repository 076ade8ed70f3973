using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>STPM's training (specification, section 5).</summary>
internal sealed class StpmTraining(StpmOptions options, StpmNetwork network, TrainingImages images)
    : DistillationTraining(options, Optimiser(options, network))
{
    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var distances = network.Distances(images.Batch(batch));
        var loss = options.Reduction switch
        {
            DistanceReduction.PositionMean => stack(distances.Select(distance => distance.mean())).sum(),
            DistanceReduction.BatchSum => FeatureDistance.BatchSum(distances),
            _ => FeatureDistance.BatchSum(distances) / batch.Length,
        };
        return [(Loss, options.HalfDistance ? loss / 2 : loss)];
    }

    /// <summary>The mean of the product map, where that is the map; else the loss.</summary>
    protected override IReadOnlyList<(string Name, Tensor Value)> ValidationLosses(TrainingMoment moment, ReadOnlySpan<int> batch) =>
        options.Combination == MapCombination.Product
            ? [(Loss, StpmNetwork.Product(network.Distances(images.Batch(batch))).mean())]
            : Losses(moment, batch);

    private static Optimiser Optimiser(StpmOptions options, StpmNetwork network) => options.Optimiser == StpmOptimiser.Adam
        ? Adam(options, network.Student.parameters())
        : new SgdOptimiser(network.Student.parameters(), options.Momentum, options.WeightDecay);
}
