using Falcon.Imaging;

namespace Falcon.Methods;

/// <summary>Copies patches of an image to other places of it: natural synthetic anomalies (Schlüter et al., ECCV 2022) with the image as its own source, unresized
/// (specification, section 4).</summary>
/// <param name="image">RGB, of 8 bits; it is not changed.</param>
/// <param name="settings">Sizes and number of patches, and where they may lie.</param>
internal sealed class PatchSwap(RasterImage image, PatchSwapSettings settings)
{
    private const int LastAttempt = 200, ExtentShape = 2;
    private const double LeastExtent = 0.03, ExtentScale = 0.05;

    /// <summary>1 where the part is; null without a background.</summary>
    public RasterImage? Part { get; } = settings.Background is { } background ? PartMask.Of(image, background) : null;

    /// <summary>The image with patches drawn anew. The order of draws is the public code's.</summary>
    public SwappedImage Draw(IPatchDraws draws)
    {
        var swapped = new SwappedImage(image);
        for (var i = 0; i < settings.Patches; i++)
        {
            if (i > 0 && draws.Integer(0, 2) == 0)
                continue;
            var (halfHeight, halfWidth) = (HalfExtent(settings.Rows, image.Height, draws), HalfExtent(settings.Columns, image.Width, draws));
            if (Source(halfHeight, halfWidth, draws) is { } source && Destination(source, draws) is { } destination)
                swapped.Paste(source, destination, Part, settings.Blending);
        }
        return swapped;
    }

    private static int HalfExtent(ExtentBounds bounds, int size, IPatchDraws draws) =>
        (int)Math.Clamp((LeastExtent + draws.Gamma(ExtentShape, ExtentScale)) * size, Pixels(bounds.Low, size), Pixels(bounds.High, size));

    private static int Pixels(double share, int size) => (int)Math.Round(share * size);

    private PixelBlock? Source(int halfHeight, int halfWidth, IPatchDraws draws)
    {
        var (top, left) = (Pixels(settings.Rows.Low, image.Height), Pixels(settings.Columns.Low, image.Width));
        return Attempt(Draw, block => Share(block) > settings.MinimalObject);

        PixelBlock Draw()
        {
            var (y, x) = (draws.Integer(top, image.Height - top), draws.Integer(left, image.Width - left));
            return PixelBlock.Clipped(y - halfHeight, y + halfHeight, x - halfWidth, x + halfWidth, image.Width, image.Height);
        }
    }

    private PixelBlock? Destination(PixelBlock source, IPatchDraws draws)
    {
        var (aboveCentre, leftOfCentre) = (source.Height / 2, source.Width / 2);
        return Attempt(Draw, block => Overlap(source, block) > settings.MinimalOverlap);

        PixelBlock Draw()
        {
            var top = draws.Integer(aboveCentre + 1, image.Height - aboveCentre - 1) - aboveCentre;
            var left = draws.Integer(leftOfCentre + 1, image.Width - leftOfCentre - 1) - leftOfCentre;
            return new(top, top + source.Height, left, left + source.Width);
        }
    }

    /// <summary>Draws until a block is accepted; the last attempt fails whatever it draws. Without a background every block is.</summary>
    private PixelBlock? Attempt(Func<PixelBlock> draw, Func<PixelBlock, bool> accept)
    {
        for (var attempt = 1; ; attempt++)
        {
            var block = draw();
            if (Part is null)
                return block;
            if (attempt == LastAttempt)
                return null;
            if (accept(block))
                return block;
        }
    }

    /// <summary>The part's share of a block; NaN when that is empty.</summary>
    private double Share(PixelBlock block)
    {
        var count = 0;
        for (var y = block.Top; y < block.Bottom; y++)
            foreach (var value in Part!.Pixels.AsSpan(y * Part.Width + block.Left, block.Width))
                count += value;
        return (double)count / (block.Height * block.Width);
    }

    /// <summary>The share of the part's pixels in the source that come to lie on the part; NaN when there are none.</summary>
    private double Overlap(PixelBlock source, PixelBlock destination)
    {
        var (both, all) = (0, 0);
        for (var y = 0; y < source.Height; y++)
        {
            var from = Part!.Pixels.AsSpan((source.Top + y) * Part.Width + source.Left, source.Width);
            var to = Part.Pixels.AsSpan((destination.Top + y) * Part.Width + destination.Left, source.Width);
            for (var x = 0; x < from.Length; x++)
            {
                all += from[x];
                both += from[x] & to[x];
            }
        }
        return (double)both / all;
    }
}
