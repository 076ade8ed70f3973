using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Chooses points that cover a set: each next one is the point farthest from all chosen before (a 2-approximation of the minimax problem; Agarwal et
/// al. 2005).</summary>
internal static class GreedyCoreset
{
    /// <summary>Indices in the order in which they are chosen; of equally far points the one of the lowest index.</summary>
    /// <param name="points">(N, D) float32.</param>
    /// <param name="count">How many to choose, from 1 to N.</param>
    /// <param name="first">The points that are chosen first, at least one.</param>
    /// <param name="cancellation">Stops before the next choice.</param>
    public static unsafe long[] Choose(Tensor points, int count, long[] first, CancellationToken cancellation = default)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var rows = points.cpu().contiguous();
        var (components, rounding) = new PrincipalComponents(rows).Of(rows);
        fixed (byte* row = rows[0].bytes, component = components[0].bytes)
        {
            var cells = new CoresetCells((float*)row, (float*)component, (int)rows.shape[0], (int)rows.shape[1], count, 2 * rounding, get_num_threads());
            for (var i = 0; i < count; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                cells.Choose(i < first.Length ? (int)first[i] : cells.Farthest());
            }
            return cells.Chosen;
        }
    }
}
