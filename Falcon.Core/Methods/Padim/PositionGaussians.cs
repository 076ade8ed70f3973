using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A Gaussian at each position. <c>call(embedding)</c>: the Mahalanobis distance of each position, (N, h, w) for (N, D, h, w).</summary>
internal sealed class PositionGaussians : Module<Tensor, Tensor>
{
    /// <summary>Positions whose matrices are inverted at once, in float64.</summary>
    private const int Chunk = 256;

    /// <param name="height">h.</param>
    /// <param name="width">w.</param>
    /// <param name="channels">D.</param>
    public PositionGaussians(int height, int width, int channels) : base(nameof(PositionGaussians))
    {
        register_buffer("mean", zeros(height * width, channels).DetachFromDisposeScope());
        register_buffer("precision", zeros(height * width, channels, channels).DetachFromDisposeScope());
    }

    private Tensor Mean => get_buffer("mean")!;

    private Tensor Precision => get_buffer("precision")!;

    /// <summary>Takes mean and covariance (over N − 1) of each position.</summary>
    /// <param name="embeddings">(N, D, h, w).</param>
    /// <param name="regularisation">Added to the diagonal of each covariance.</param>
    public void Fit(Tensor embeddings, double regularisation)
    {
        var samples = Positions(embeddings);
        var images = embeddings.shape[0];
        var diagonal = eye(samples.shape[2], dtype: ScalarType.Float64, device: embeddings.device) * regularisation;
        for (var first = 0L; first < samples.shape[0]; first += Chunk)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(Chunk, samples.shape[0] - first);
            var x = samples.narrow(0, first, count).to(ScalarType.Float64);
            var mean = x.mean([1], keepdim: true);
            var centred = x - mean;
            var covariance = centred.transpose(1, 2).matmul(centred) / Math.Max(1, images - 1) + diagonal;
            Mean.narrow(0, first, count).copy_(mean.squeeze(1));
            Precision.narrow(0, first, count).copy_(covariance.inverse());
        }
    }

    public override Tensor forward(Tensor embedding)
    {
        using var scope = NewDisposeScope();
        var (images, height, width) = (embedding.shape[0], embedding.shape[2], embedding.shape[3]);
        var centred = Positions(embedding) - Mean.unsqueeze(1);
        var squared = (centred.matmul(Precision) * centred).sum([2]);
        return squared.clamp(min: 0).sqrt().t().reshape(images, height, width).MoveToOuterDisposeScope();
    }

    /// <summary>(N, D, h, w) as (h·w, N, D).</summary>
    private static Tensor Positions(Tensor embedding) => embedding.flatten(2).permute(2, 0, 1);
}
