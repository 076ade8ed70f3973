namespace Falcon.Methods;

/// <summary>One pasted patch: a block of the image copied onto the object (specification, section 4.3). Sizes are as drawn, before clipping.</summary>
/// <param name="Pattern">One of spot, line, area.</param>
/// <param name="ObjectIndex">Index of the centre in the list of object pixels.</param>
/// <param name="CentreY">Row of the centre.</param>
/// <param name="CentreX">Column of the centre.</param>
/// <param name="Width">Spot 8; line: the drawn thickness; area: the drawn width.</param>
/// <param name="Height">Spot 8; line: the drawn length; area: the drawn height.</param>
/// <param name="Vertical">Whether a line is upright; false for the other patterns.</param>
/// <param name="SourceY">Top row of the copied block.</param>
/// <param name="SourceX">Left column of the copied block.</param>
public readonly record struct NoisePatch(
    NoisePatterns Pattern, int ObjectIndex, int CentreY, int CentreX, int Width, int Height, bool Vertical, int SourceY, int SourceX)
{
    /// <summary>The target block, clipped to the image. Half extents are rounded down, so odd sizes lose a pixel.</summary>
    public PixelBlock Target(int imageWidth, int imageHeight)
    {
        var upright = Pattern != NoisePatterns.Line || Vertical;
        int halfY = (upright ? Height : Width) / 2, halfX = (upright ? Width : Height) / 2;
        return PixelBlock.Clipped(CentreY - halfY, CentreY + halfY, CentreX - halfX, CentreX + halfX, imageWidth, imageHeight);
    }
}
