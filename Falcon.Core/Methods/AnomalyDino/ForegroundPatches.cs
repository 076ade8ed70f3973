using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>Which patches of an image show its object: those that the first principal component of its patches tells from the rest (AnomalyDINO, section 3.3).</summary>
internal static class ForegroundPatches
{
    /// <summary>The frame, in shares of each side, outside of the middle; the share of the middle that foreground must exceed.</summary>
    private const double Frame = 0.2, LeastShare = 0.35;

    /// <summary>Thresholds the component; if hardly any of the image's middle is kept, its negative. Then widens by a patch and closes gaps.</summary>
    /// <param name="embeddings">(N, D, h, w) float32, not normalised.</param>
    /// <param name="threshold">What the component of a foreground patch exceeds.</param>
    /// <returns>(N, h, w) float32, 1 for foreground.</returns>
    public static Tensor Of(Tensor embeddings, double threshold)
    {
        using var scope = NewDisposeScope();
        return stack(Enumerable.Range(0, (int)embeddings.shape[0]).Select(i => One(embeddings[i], threshold))).MoveToOuterDisposeScope();
    }

    private static Tensor One(Tensor embedding, double threshold)
    {
        var component = FirstComponent(embedding.flatten(1).t()).reshape(embedding.shape[1..]);
        var mask = component > threshold;
        if (Middle(mask).to(ScalarType.Float32).mean().ToDouble() <= LeastShare)
            mask = -component > threshold;
        var wide = Widened(Widened(mask.to(ScalarType.Float32)));
        return 1 - Widened(1 - wide);
    }

    /// <summary>The scores of rows along their first principal component, the largest of which in magnitude is positive.</summary>
    private static Tensor FirstComponent(Tensor rows)
    {
        var centred = (rows - rows.mean([0], keepdim: true)).to(ScalarType.Float64);
        var (_, directions) = linalg.eigh(centred.t().matmul(centred));
        var scores = centred.matmul(directions.narrow(1, directions.shape[1] - 1, 1)).squeeze(1);
        return (scores * scores[scores.abs().argmax()].sign()).to(ScalarType.Float32);
    }

    private static Tensor Middle(Tensor mask)
    {
        var (height, width) = (mask.shape[0], mask.shape[1]);
        var (top, left) = ((long)(height * Frame), (long)(width * Frame));
        return mask.narrow(0, top, Math.Max(1, (long)(height * (1 - Frame)) - top)).narrow(1, left, Math.Max(1, (long)(width * (1 - Frame)) - left));
    }

    /// <summary>By the 8 neighbours of each patch.</summary>
    private static Tensor Widened(Tensor mask) => max_pool2d(mask.unsqueeze(0).unsqueeze(0), 3, stride: 1, padding: 1).squeeze(0).squeeze(0);
}
