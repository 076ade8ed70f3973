using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Chooses points that cover a set: each next one is the point farthest from all chosen before (a 2-approximation of the minimax problem; Agarwal et
/// al. 2005).</summary>
internal static class GreedyCoreset
{
    /// <summary>What rounding may take from a squared distance, as a share of the largest squared length, generously.</summary>
    private const double Rounding = 1e-5;

    /// <remarks>A point can only be nearer to a new choice than to its nearest one so far if those two are less than twice its distance apart (the triangle
    /// inequality). All other points, nearly all of them, are passed over.</remarks>
    /// <param name="points">(N, D) float32.</param>
    /// <param name="count">How many to choose, from 1 to N.</param>
    /// <param name="first">The points that are chosen first, at least one.</param>
    /// <returns>Indices in the order in which they were chosen; of equally far points the one of the lowest index.</returns>
    public static long[] Choose(Tensor points, int count, params long[] first)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var lengths = points.square().sum([1]);
        var rounding = lengths.max() * Rounding;
        var (centres, centreLengths) = (empty_like(points.narrow(0, 0, count)), empty_like(lengths.narrow(0, 0, count)));
        var nearest = full_like(lengths, double.PositiveInfinity);
        var nearestCentre = zeros_like(lengths, dtype: ScalarType.Int64);
        var chosen = new long[count];
        for (var i = 0; i < count; i++)
        {
            using var step = NewDisposeScope();
            chosen[i] = i < first.Length ? first[i] : nearest.argmax().ToInt64();
            var (centre, length) = (points.select(0, chosen[i]), lengths.select(0, chosen[i]));
            (centres[i], centreLengths[i]) = (centre, length);
            var apart = SquaredDistances(centres.narrow(0, 0, i + 1), centreLengths.narrow(0, 0, i + 1), centre, length);
            var candidates = (nearest * 4 + rounding).gt(apart.index_select(0, nearestCentre)).nonzero().squeeze(1);
            var distances = SquaredDistances(points.index_select(0, candidates), lengths.index_select(0, candidates), centre, length);
            var closer = distances.lt(nearest.index_select(0, candidates));
            var moved = candidates.masked_select(closer);
            nearest.index_copy_(0, moved, distances.masked_select(closer));
            nearestCentre.index_copy_(0, moved, full_like(moved, i));
            nearest.select(0, chosen[i]).fill_(double.NegativeInfinity);
        }
        return chosen;
    }

    private static Tensor SquaredDistances(Tensor points, Tensor lengths, Tensor centre, Tensor length) => lengths + length - points.mv(centre) * 2;
}
