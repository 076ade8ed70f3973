using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>MixedTeacher's training (specification, section 5). In the paper form the pairs are apart: they share no parameter, so that the gradient of the sum is
/// that of each, and each keeps its own best epoch.</summary>
internal sealed class MixedTeacherTraining(MixedTeacherOptions options, MixedTeacherNetwork network, TrainingImages images)
    : DistillationTraining(options, Adam(options, network.Parts.SelectMany(part => part.Module.parameters())))
{
    private const string Residual = "residual", Efficient = "efficient";

    public override IReadOnlyList<SelectionCriterion> Criteria => options.Form == MixedForm.Paper
        ? [new(Residual, MixedTeacherNetwork.ResidualPrefix), new(Efficient, MixedTeacherNetwork.EfficientPrefix)]
        : base.Criteria;

    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var distances = network.Distances(images.Batch(batch));
        var (residual, efficient) = (FeatureDistance.BatchSum(distances.Residual), FeatureDistance.BatchSum(distances.Efficient));
        var loss = options.Form == MixedForm.Paper ? residual + efficient : FeatureDistance.BatchSum([.. distances.Residual, .. distances.Efficient]);
        return [(Loss, loss), (Residual, residual), (Efficient, efficient)];
    }
}
