using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The student alone (specification, section 5, lite).</summary>
internal sealed class EfficientAdLiteTraining(EfficientAdOptions options, EfficientAdNetwork network, TrainingImages images)
    : DistillationTraining(options, Adam(options, network.Student.parameters()))
{
    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var elements = network.Elements(images.Batch(batch));
        return [(Loss, network.Hardest(elements) / (elements.shape[2] * elements.shape[3]))];
    }
}
