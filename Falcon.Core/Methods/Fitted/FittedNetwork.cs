using Falcon.Backbones;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>A network that compares a patch embedding of each position with what it has seen of good images.</summary>
internal abstract class FittedNetwork(FittedOptions options, Teacher teacher) : AnomalyNetwork(teacher, options.ScoringNeeds)
{
    public sealed override Tensor Map(NetworkInput input)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var map = DistanceMaps.Enlarge(Distances(Embed(input.Features)), options.InputSize, options.InputSize);
        var smoothing = options.SmoothingSigma > 0 ? SmoothingKind.TwoDimensional : SmoothingKind.None;
        return GaussianSmoothing.Of(map, smoothing, options.SmoothingSigma).MoveToOuterDisposeScope();
    }

    /// <summary>Takes over all training images.</summary>
    /// <param name="images">With the features that scoring reads.</param>
    public void Fit(TrainingImages images)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Fit(cat([.. Enumerable.Range(0, images.Count).Select(i => Embed(images.Features.At(i)))]));
    }

    /// <summary>Describes each position: (N, D, h, w) float32.</summary>
    protected abstract Tensor Embed(TeacherFeatures features);

    /// <summary>How far each position is from good ones: (N, h, w) for (N, D, h, w).</summary>
    protected abstract Tensor Distances(Tensor embedding);

    /// <summary>Takes over the training images' embeddings, (N, D, h, w).</summary>
    protected abstract void Fit(Tensor embeddings);
}
