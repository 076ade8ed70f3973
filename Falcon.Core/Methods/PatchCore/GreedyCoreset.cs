using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Chooses points that cover a set: each next one is the point farthest from all chosen before (a 2-approximation of the minimax problem; Agarwal et
/// al. 2005).</summary>
internal static class GreedyCoreset
{
    /// <param name="points">(N, D) float32.</param>
    /// <param name="count">How many to choose, from 1 to N.</param>
    /// <param name="first">The first chosen point.</param>
    /// <returns>Indices in the order in which they were chosen; of equally far points the one of the lowest index.</returns>
    public static long[] Choose(Tensor points, int count, long first)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var lengths = points.square().sum([1]);
        var nearest = full_like(lengths, double.PositiveInfinity);
        var chosen = new long[count];
        chosen[0] = first;
        for (var i = 1; i < count; i++)
        {
            using var step = NewDisposeScope();
            var last = points.select(0, chosen[i - 1]);
            nearest.copy_(nearest.minimum(lengths + last.square().sum() - points.mv(last) * 2));
            nearest[chosen[i - 1]] = double.NegativeInfinity;
            chosen[i] = nearest.argmax().ToInt64();
        }
        return chosen;
    }
}
