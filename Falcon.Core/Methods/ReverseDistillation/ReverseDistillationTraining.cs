using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The training of bottleneck and decoder together (specification, section 5).</summary>
internal sealed class ReverseDistillationTraining(ReverseDistillationOptions options, ReverseDistillationNetwork network, TrainingImages images)
    : DistillationTraining(options, Adam(options, [.. network.Student.parameters(), .. network.Bottleneck.parameters()]))
{
    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var pairs = network.Pairs(images.Batch(batch).Features);
        return [(Loss, options.Loss switch
        {
            ReverseDistillationLoss.Flat => stack(pairs.Select(p => FeatureDistance.WholeCosine(p.Teacher, p.Student).mean())).sum(),
            ReverseDistillationLoss.Pixel => stack(pairs.Select(p => FeatureDistance.Cosine(p.Teacher, p.Student).mean())).sum(),
            _ => FeatureDistance.BatchSum([.. pairs.Select(p => FeatureDistance.OfUnits(p.Teacher, p.Student) / 2)]),
        })];
    }
}
