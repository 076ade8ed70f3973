namespace Falcon.Methods;

/// <summary>A normalised image with patches pasted onto it, and the quarter-size mask of where they are (specification, section 4.3).</summary>
public sealed class NoisedImage
{
    /// <summary>Image pixels per mask cell, in each direction.</summary>
    public const int CellSize = 4;

    private NoisedImage(float[] pixels, int width, int height)
    {
        (Pixels, Width, Height) = (pixels, width, height);
        Mask = new float[MaskWidth * MaskHeight];
    }

    /// <summary>(C, H, W), channel after channel.</summary>
    public float[] Pixels { get; }

    /// <summary>Width of the image.</summary>
    public int Width { get; }

    /// <summary>Height of the image.</summary>
    public int Height { get; }

    /// <summary>Width of the mask.</summary>
    public int MaskWidth => Width / CellSize;

    /// <summary>Height of the mask.</summary>
    public int MaskHeight => Height / CellSize;

    /// <summary>1 in marked cells, row-major.</summary>
    public float[] Mask { get; }

    /// <param name="pixels">The clean image, (C, H, W); it is not changed.</param>
    /// <param name="width">Width of the image.</param>
    /// <param name="height">Height of the image.</param>
    /// <param name="patches">Pasted one after another; each copies from what the earlier ones left.</param>
    /// <param name="rounding">Which cells a patch marks.</param>
    public static NoisedImage Paste(float[] pixels, int width, int height, IEnumerable<NoisePatch> patches, MaskRounding rounding = MaskRounding.Floor)
    {
        var noised = new NoisedImage([.. pixels], width, height);
        foreach (var patch in patches)
            noised.Paste(patch, rounding);
        return noised;
    }

    private void Paste(NoisePatch patch, MaskRounding rounding)
    {
        var target = patch.Target(Width, Height);
        var source = PixelBlock.Clipped(
            patch.SourceY, patch.SourceY + target.Height, patch.SourceX, patch.SourceX + target.Width, Width, Height);
        target = target with { Bottom = target.Top + source.Height, Right = target.Left + source.Width };
        if (target.IsEmpty)
            return;

        var block = new float[target.Height * target.Width];
        for (var start = 0; start < Pixels.Length; start += Width * Height)
        {
            var plane = Pixels.AsSpan(start, Width * Height);
            for (var y = 0; y < target.Height; y++)
                plane.Slice((source.Top + y) * Width + source.Left, target.Width).CopyTo(block.AsSpan(y * target.Width));
            for (var y = 0; y < target.Height; y++)
                block.AsSpan(y * target.Width, target.Width).CopyTo(plane[((target.Top + y) * Width + target.Left)..]);
        }
        Mark(patch, target, rounding);
    }

    private void Mark(NoisePatch patch, PixelBlock target, MaskRounding rounding)
    {
        var roundUp = rounding == MaskRounding.Cover ? CellSize - 1 : 0;
        var cells = new PixelBlock(
            target.Top / CellSize, Math.Min(MaskHeight, (target.Bottom + roundUp) / CellSize),
            target.Left / CellSize, Math.Min(MaskWidth, (target.Right + roundUp) / CellSize));
        if (cells.IsEmpty)
            return;
        if (patch.Pattern == NoisePatterns.Line && rounding == MaskRounding.Floor)
        {
            int middleX = (cells.Left + cells.Right) / 2, middleY = (cells.Top + cells.Bottom) / 2;
            cells = patch.Vertical
                ? cells with { Left = middleX, Right = Math.Min(middleX + 1, MaskWidth) }
                : cells with { Top = middleY, Bottom = Math.Min(middleY + 1, MaskHeight) };
        }
        for (var y = cells.Top; y < cells.Bottom; y++)
            Mask.AsSpan(y * MaskWidth + cells.Left, cells.Width).Fill(1);
    }
}
