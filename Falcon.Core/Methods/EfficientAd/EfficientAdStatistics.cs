using Falcon.Onnx;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>What EfficientAD measures besides its weights: the teacher's channels on the training images (<c>mean</c>, <c>deviation</c>: (C)) and two quantiles of
/// each map on good images (<c>quantiles</c>: (4), lower and upper of student and teacher, then of autoencoder and student).</summary>
internal sealed class EfficientAdStatistics : Module<Tensor, Tensor>, IOnnxModule
{
    private const double LeastDeviation = 1e-6, LeastRange = 1e-12;
    private const double Lower = 0.9, Upper = 0.995;

    public EfficientAdStatistics(long channels) : base(nameof(EfficientAdStatistics))
    {
        register_buffer("mean", zeros(channels).DetachFromDisposeScope());
        register_buffer("deviation", ones(channels).DetachFromDisposeScope());
        register_buffer("quantiles", tensor(new[] { 0f, 0.1f, 0f, 0.1f }).DetachFromDisposeScope());
    }

    public Tensor Mean => get_buffer("mean")!;

    public Tensor Deviation => get_buffer("deviation")!;

    public Tensor Quantiles => get_buffer("quantiles")!;

    /// <summary>Teacher features (N, C, h, w), each channel with mean 0 and deviation 1 on the training images.</summary>
    public override Tensor forward(Tensor features) => (features - Shaped(Mean)) / Shaped(Deviation).clamp(min: LeastDeviation);

    /// <inheritdoc/>
    public OnnxValue Export(OnnxValue features)
    {
        using var scope = NewDisposeScope();
        var graph = features.Graph;
        return (features - graph.Tensor(Shaped(Mean))) / graph.Tensor(Shaped(Deviation).clamp(min: LeastDeviation));
    }

    /// <summary>Takes mean and deviation of each channel: the means over images of the images' means.</summary>
    /// <param name="features">(N, C, h, w).</param>
    public void Fit(Tensor features)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        Mean.copy_(features.mean([2, 3]).mean([0]));
        Deviation.copy_((features - Shaped(Mean)).square().mean([2, 3]).mean([0]).sqrt());
    }

    /// <summary>Those channels of (N, C, h, w) in which the teacher changes; all where it changes in none.</summary>
    public Tensor Living(Tensor features)
    {
        using var living = Deviation.ge(LeastDeviation).nonzero();
        return living.shape[0] == 0 || living.shape[0] == features.shape[1] ? features : features.index_select(1, living.flatten());
    }

    /// <summary>As above, in a graph.</summary>
    public OnnxValue Living(OnnxValue features)
    {
        using var living = Deviation.ge(LeastDeviation).nonzero();
        return living.shape[0] == 0 || living.shape[0] == features.Shape[1] ? features : features.Select(1, living.cpu().data<long>().ToArray());
    }

    /// <summary>Takes the quantiles of both maps.</summary>
    public void FitMaps(Tensor student, Tensor autoencoder)
    {
        using var scope = NewDisposeScope();
        Tensor[] values = [Quantile(student, Lower), Quantile(student, Upper), Quantile(autoencoder, Lower), Quantile(autoencoder, Upper)];
        Quantiles.copy_(stack(values.Select(value => value.reshape([]))));
    }

    /// <summary>The mean of both maps, each shifted and scaled so that its quantiles are 0 and 0.1.</summary>
    public Tensor Combine(Tensor student, Tensor autoencoder) => (Normalised(student, 0) + Normalised(autoencoder, 2)) / 2;

    /// <summary>As above, in a graph.</summary>
    public OnnxValue Combine(OnnxValue student, OnnxValue autoencoder) => (Normalised(student, 0) + Normalised(autoencoder, 2)) / 2;

    /// <summary>A map shifted and scaled so that two quantiles, the first of them at an index of <see cref="Quantiles"/>, are 0 and 0.1.</summary>
    public Tensor Normalised(Tensor map, long index)
    {
        var (low, high) = (Quantiles[index], Quantiles[index + 1]);
        return (map - low) / (high - low).clamp(min: LeastRange) * 0.1;
    }

    private OnnxValue Normalised(OnnxValue map, long index)
    {
        using var quantiles = Quantiles.cpu();
        var (low, high) = (quantiles[index].ToDouble(), quantiles[index + 1].ToDouble());
        return (map - low) / Math.Max(high - low, LeastRange) * 0.1;
    }

    /// <summary>A quantile of all values, between order statistics linearly: exact for any number of values.</summary>
    /// <param name="values">Of any shape.</param>
    /// <param name="share">In [0, 1].</param>
    public static Tensor Quantile(Tensor values, double share)
    {
        var place = share * (values.numel() - 1);
        var below = (long)place;
        var top = values.flatten().topk((int)(values.numel() - below), 0).Item1;
        var low = top[-1];
        return top.shape[0] == 1 ? low : low + (top[-2] - low) * (place - below);
    }

    private static Tensor Shaped(Tensor channels) => channels.reshape(1, -1, 1, 1);
}
