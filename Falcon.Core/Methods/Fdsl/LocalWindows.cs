using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Where FDSL's local windows lie on the grid of an image's patches: every <paramref name="Stride"/> patches, and once more at the far border where that
/// leaves some uncovered (specification, sections 6 and 8).</summary>
/// <param name="Rows">Patches of the image from top to bottom.</param>
/// <param name="Columns">Patches from left to right.</param>
/// <param name="Side">Patches of a window's side, no more than the image has.</param>
/// <param name="Stride">Patches from one window to the next.</param>
internal sealed record LocalWindows(int Rows, int Columns, int Side, int Stride)
{
    /// <summary>The top left patch of each window, row after row.</summary>
    public IReadOnlyList<(int Row, int Column)> Corners { get; } =
        [.. Starts(Rows, Side, Stride).SelectMany(row => Starts(Columns, Side, Stride).Select(column => (row, column)))];

    /// <summary>The windows of an image, (windows, 3, Side · patch, Side · patch) for (3, H, W).</summary>
    /// <param name="image">The pixels.</param>
    /// <param name="patch">Pixels of a patch's side.</param>
    public Tensor Cut(Tensor image, int patch)
    {
        using var scope = NewDisposeScope();
        return stack(Corners.Select(at => image.narrow(1, at.Row * patch, Side * patch).narrow(2, at.Column * patch, Side * patch))).MoveToOuterDisposeScope();
    }

    /// <summary>The mean of what the windows that cover a patch say of it, (Rows, Columns).</summary>
    /// <param name="values">(windows, Side, Side).</param>
    public Tensor Merge(Tensor values)
    {
        using var scope = NewDisposeScope();
        var (sum, count) = (zeros(Rows, Columns, device: values.device), zeros(Rows, Columns, device: values.device));
        foreach (var (i, (row, column)) in Corners.Index())
        {
            sum.narrow(0, row, Side).narrow(1, column, Side).add_(values[i]);
            count.narrow(0, row, Side).narrow(1, column, Side).add_(1);
        }
        return (sum / count).MoveToOuterDisposeScope();
    }

    private static IEnumerable<int> Starts(int grid, int side, int stride)
    {
        var last = grid - side;
        for (var start = 0; start < last; start += stride)
            yield return start;
        yield return last;
    }
}
