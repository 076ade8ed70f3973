using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The losses on distances (specification, section 5).</summary>
internal static class PcsNetLosses
{
    /// <summary>The prototypes whose distances are learned, of each position.</summary>
    public const int Neighbours = 3;

    private const double Nu = 1e-3, InsideOfPatch = 0.5;
    private const int Hardest = 50;

    /// <summary>How far good positions are outside of the radius.</summary>
    /// <param name="nearest">(N, positions, K).</param>
    /// <param name="radius">(1).</param>
    public static Tensor Good(Tensor nearest, Tensor radius) => (First(nearest) - radius.square()).clamp(min: 0).mean() / Nu;

    /// <summary>How far pasted positions are inside of the radius and its margin; 0 when there are none.</summary>
    /// <param name="nearest">(N, positions, K).</param>
    /// <param name="mask">(N, 1, grid, grid).</param>
    /// <param name="radius">(1).</param>
    /// <param name="margin">Added to the radius.</param>
    public static Tensor Pasted(Tensor nearest, Tensor mask, Tensor radius, double margin)
    {
        var inside = mask.flatten(1).gt(InsideOfPatch).to(nearest.dtype).unsqueeze(2);
        return (Within(First(nearest), radius, margin) * inside).sum() / (inside.sum().clamp(min: 1) * Neighbours) / Nu;
    }

    /// <summary>The same of distances that have been selected.</summary>
    public static Tensor PastedOf(Tensor distances, Tensor radius, double margin) => Within(distances, radius, margin).mean() / Nu;

    /// <summary>The score of each image: the mean of its largest distances, (N).</summary>
    /// <param name="nearest">(N, positions, K).</param>
    public static Tensor Scores(Tensor nearest)
    {
        var distances = First(nearest).flatten(1);
        return distances.topk((int)Math.Min(Hardest, distances.shape[1]), dim: 1).values.mean([1]);
    }

    /// <summary>The pixel-level disparity loss: scores of pasted images are to stand out of their batch; 0 when all or none of them are.</summary>
    /// <param name="scores">(N).</param>
    /// <param name="pasted">Which images have a patch.</param>
    public static Tensor Disparity(Tensor scores, bool[] pasted)
    {
        if (pasted.Distinct().Count() < 2)
            return zeros_like(scores).sum();
        var labels = tensor(Array.ConvertAll(pasted, each => each ? 1f : 0f), device: scores.device).to(scores.dtype);
        return -(labels * nn.functional.log_softmax(scores, 0)).sum();
    }

    private static Tensor First(Tensor nearest) => nearest.narrow(2, 0, Neighbours);

    private static Tensor Within(Tensor distances, Tensor radius, double margin) => ((radius + margin).square() - distances).clamp(min: 0);
}
