using Falcon.Backbones;
using Falcon.Training;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The training of bottleneck and decoder together (specification, section 5). What they are to restore does not change, and is computed once.</summary>
internal sealed class AandTraining(AandOptions options, AandNetwork network, TrainingImages images)
    : DistillationTraining(options, Adam(options, [.. network.Student.parameters(), .. network.Bottleneck.parameters()]))
{
    private TrainingImages? _advanced;

    public override IReadOnlyList<(string Name, Tensor Value)> Losses(TrainingMoment moment, ReadOnlySpan<int> batch)
    {
        _advanced ??= images with { Pixels = null, Features = Advance() };
        var targets = AandStageOptions.Levels(_advanced.Batch(batch).Features);
        var restored = network.Restored(targets);
        var hard = stack(targets.Zip(restored, Hard)).sum();
        var whole = stack(targets.Zip(restored, (target, student) => FeatureDistance.WholeCosine(target, student).mean())).sum();
        return [(Loss, hard + whole), ("hard", hard), ("whole", whole)];
    }

    public override void Dispose()
    {
        base.Dispose();
        _advanced?.Dispose();
    }

    /// <summary>1 − the cosine at those positions of each image where it is largest, averaged.</summary>
    internal Tensor Hard(Tensor target, Tensor restored)
    {
        var distances = FeatureDistance.Cosine(target, restored).flatten(1);
        return distances.topk(options.HardPositionsOf(distances.shape[1]), sorted: false).values.mean();
    }

    /// <summary>The advanced teacher's features of every image, each computed alone.</summary>
    private TeacherFeatures Advance()
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var taps = images.Features.Taps;
        var advanced = taps.Select(tap => empty_like(images.Features[tap])).ToArray();
        for (var image = 0; image < images.Count; image++)
        {
            using var each = NewDisposeScope();
            foreach (var (level, features) in network.Advanced(images.Features.At(image)).Index())
                advanced[level][image].copy_(features[0]);
        }
        return new TeacherFeatures(taps, advanced).Detached();
    }
}
