using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>SingleNet's training (specification, section 5).</summary>
internal sealed class SingleNetTraining(SingleNetOptions options, SingleNetNetwork network, TrainingImages images)
    : DistillationTraining(options, Adam(options, network.Student.parameters()))
{
    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch) =>
        [(Loss, FeatureDistance.BatchSum(network.Distance(images.Batch(batch).Features)))];
}
