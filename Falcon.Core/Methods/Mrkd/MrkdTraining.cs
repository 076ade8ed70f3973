using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The training of bottleneck and decoder together: from features of an image with patches, with positions hidden, those of the clean image are to be
/// restored (specification, section 5).</summary>
internal sealed class MrkdTraining(MrkdOptions options, MrkdNetwork network, TrainingImages images, ViewSource views)
    : DistillationTraining(options, Adam(options, [.. network.Student.parameters(), .. network.Bottleneck.parameters()]))
{
    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var (seen, masks) = views(moment, batch);
        return [(Loss, MrkdNetwork.Losses(images.Batch(batch).Features, network.Restored(seen, masks)).sum())];
    }
}
