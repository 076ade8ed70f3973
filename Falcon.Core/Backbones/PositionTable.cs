using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Backbones;

/// <summary>The positions of a vision transformer, learnt for one grid of patches and resized to another.</summary>
internal static class PositionTable
{
    /// <summary>What DINOv2's code adds to the sides of the grid where there are no registers, before it divides by the old ones.</summary>
    private const double Offset = 0.1;

    /// <summary>Keeps the row of the class token and resizes those of the patches bicubically: antialiased as open_clip does, and DINOv2's code with registers; without
    /// registers DINOv2's code resizes plainly, by the scale (h + 0.1) / G.</summary>
    /// <param name="table">(1 + G², C) floating point.</param>
    /// <param name="architecture">Grid and way of resizing.</param>
    /// <param name="height">Rows of the wanted grid.</param>
    /// <param name="width">Columns of the wanted grid.</param>
    /// <returns>(1 + height·width, C), row after row.</returns>
    public static Tensor Resize(Tensor table, TransformerArchitecture architecture, int height, int width)
    {
        var grid = architecture.Grid;
        if ((height, width) == (grid, grid))
            return table;
        using var scope = NewDisposeScope();
        var patches = table.narrow(0, 1, grid * grid).to(table.dtype == ScalarType.Float64 ? ScalarType.Float64 : ScalarType.Float32)
            .reshape(1, grid, grid, -1).permute(0, 3, 1, 2);
        var resized = architecture.Family == TransformerFamily.Clip || architecture.Registers > 0
            ? interpolate(patches, [height, width], mode: InterpolationMode.Bicubic, align_corners: false, antialias: true)
            : interpolate(
                patches, scale_factor: [(height + Offset) / grid, (width + Offset) / grid], mode: InterpolationMode.Bicubic, align_corners: false);
        return cat([table.narrow(0, 0, 1), resized.flatten(2).squeeze(0).t().to(table.dtype)]).MoveToOuterDisposeScope();
    }
}
