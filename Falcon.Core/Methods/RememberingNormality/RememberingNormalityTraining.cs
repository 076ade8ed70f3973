using Falcon.Backbones;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Distillation, and the memories' own losses on exemplars (specification, section 5).</summary>
/// <param name="options">Weights and variants.</param>
/// <param name="network">Student and memories.</param>
/// <param name="images">The training images.</param>
/// <param name="exemplars">Indices of a step's exemplars.</param>
internal sealed class RememberingNormalityTraining(
    RememberingNormalityOptions options, RememberingNormalityNetwork network, TrainingImages images, Func<TrainingMoment, int[]> exemplars)
    : DistillationTraining(options, Adam(options, network.Parts.SelectMany(part => part.Module.parameters()).Where(p => p.requires_grad)))
{
    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        var distillation = FeatureDistance.BatchSum(network.Distances(images.Batch(batch)));
        var embedding = Embedding(images.Batch(exemplars(moment)).Features, options.ExemplarsByKeys);
        var orthogonality = stack(network.Memories.Select(m => m.Memory.Alikeness(options.SquaredOrthogonality))).sum();
        var loss = distillation + embedding * options.EmbeddingWeight + orthogonality * options.OrthogonalityWeight;
        return [(Loss, loss), ("distillation", distillation), ("embedding", embedding), ("orthogonality", orthogonality)];
    }

    /// <summary>How far exemplars are from what the memories recall of them.</summary>
    public Tensor Embedding(TeacherFeatures features, bool byKeys) =>
        FeatureDistance.BatchSum([.. Recalled(features, byKeys).Select(r => FeatureDistance.OfUnits(r.Exemplar, r.Recalled) / 2)]);

    /// <summary>Exemplars' features and what each memory recalls of them.</summary>
    public IEnumerable<(Tensor Exemplar, Tensor Recalled)> Recalled(TeacherFeatures features, bool byKeys) =>
        network.Memories.Select(m => (features[m.Exemplars], byKeys ? m.Memory.call(features[m.Exemplars]) : m.Memory.RecallByValues(features[m.Exemplars])));
}
