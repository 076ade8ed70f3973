using Falcon.Methods;
using Falcon.Training;
using static TorchSharp.torch;

namespace OwnMethod;

/// <summary>The training: the mean distance is minimised by Adam.</summary>
internal sealed class FeatureAutoencoderTraining(FeatureAutoencoderOptions options, FeatureAutoencoderNetwork network, TrainingImages images)
    : DistillationTraining(options, Adam(options, network.Autoencoder.parameters()))
{
    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch) =>
        [(Loss, network.Distances(images.Batch(batch).Features).mean())];
}
