using Falcon.Imaging;

namespace Falcon.Methods;

/// <summary>An image onto which patches of itself have been pasted.</summary>
internal sealed class SwappedImage
{
    private const int Window = 5;

    private readonly RasterImage _original;
    private readonly byte[] _pasted;

    /// <param name="original">RGB; it is not changed, and every patch is taken from it.</param>
    public SwappedImage(RasterImage original)
    {
        _original = original;
        _pasted = new byte[original.Width * original.Height];
        Image = new(original.Width, original.Height, 3, [.. original.Pixels]);
    }

    /// <summary>The image with its patches.</summary>
    public RasterImage Image { get; }

    /// <summary>Pastes a patch over earlier ones.</summary>
    /// <param name="source">Where the patch is in the original.</param>
    /// <param name="destination">Where it goes to, a block of the same size.</param>
    /// <param name="part">1 where the part is: the patch replaces what is part at either place. Null replaces the whole block.</param>
    /// <param name="blending">How.</param>
    public void Paste(PixelBlock source, PixelBlock destination, RasterImage? part, PatchBlending blending)
    {
        if (blending == PatchBlending.Poisson && !PoissonBlending.Takes(source))
            return;
        for (var y = 0; y < source.Height; y++)
        {
            var (from, to) = ((source.Top + y) * Image.Width + source.Left, (destination.Top + y) * Image.Width + destination.Left);
            for (var x = 0; x < source.Width; x++, from++, to++)
            {
                _pasted[to] = part is null ? (byte)1 : (byte)(part.Pixels[from] | part.Pixels[to]);
                if (_pasted[to] == 1 && blending == PatchBlending.Swap)
                    _original.Pixels.AsSpan(3 * from, 3).CopyTo(Image.Pixels.AsSpan(3 * to));
            }
        }
        if (blending == PatchBlending.Poisson)
            PoissonBlending.Paste(_original, source, Image, destination);
    }

    /// <summary>1 where patches have changed the image by more than one level, cleaned by a median.</summary>
    public RasterImage Label()
    {
        var changed = new RasterImage(Image.Width, Image.Height, 1);
        for (var i = 0; i < _pasted.Length; i++)
        {
            var difference = 0;
            for (var c = 3 * i; c < 3 * i + 3; c++)
                difference += Math.Abs(_original.Pixels[c] - Image.Pixels[c]);
            changed.Pixels[i] = _pasted[i] == 1 && difference > 3 ? (byte)1 : (byte)0;
        }
        return PartMask.Median(changed, Window);
    }
}
