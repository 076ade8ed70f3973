using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Pretraining;

/// <summary>Mean and deviation of each channel of a layer, measured over batches: <c>call(features)</c> gives features (N, C, h, w) with mean 0 and deviation
/// 1. Names: <c>mean</c>, <c>deviation</c>, both (C).</summary>
internal sealed class ChannelStatistics : Module<Tensor, Tensor>
{
    private const double LeastVariance = 1e-8;

    public ChannelStatistics(long channels) : base(nameof(ChannelStatistics))
    {
        register_buffer("mean", zeros(channels).DetachFromDisposeScope());
        register_buffer("deviation", ones(channels).DetachFromDisposeScope());
    }

    private Tensor Mean => get_buffer("mean")!;

    private Tensor Deviation => get_buffer("deviation")!;

    public override Tensor forward(Tensor features) => (features - Mean.reshape(1, -1, 1, 1)) / Deviation.reshape(1, -1, 1, 1);

    /// <summary>Takes the means over batches of the batches' first and second moments.</summary>
    /// <param name="moments">(2, C) of each batch.</param>
    public void Measure(IReadOnlyCollection<Tensor> moments)
    {
        using var scope = NewDisposeScope();
        var means = stack(moments).mean([0]);
        Mean.copy_(means[0]);
        Deviation.copy_((means[1] - means[0].square()).clamp(min: LeastVariance).sqrt());
    }

    /// <summary>First and second moment of each channel of a batch (N, C, h, w), as (2, C).</summary>
    public static Tensor Moments(Tensor features) => stack([features.mean([0, 2, 3]), features.square().mean([0, 2, 3])]);
}
