using Falcon.DrawnData;
using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Pretraining;

/// <summary>A square of random place and size from a picture, turned, mirrored, recoloured, blurred and made noisy at random.</summary>
internal static class CropAugmentation
{
    private const double SmallestShare = 0.15;

    /// <summary>How often a crop is as large as it was photographed, gray, blurred, or lit quite otherwise.</summary>
    private const double TrueScale = 0.3, Gray = 0.3, Blurred = 0.2, OtherLight = 0.3;

    /// <param name="picture">RGB.</param>
    /// <param name="size">Width and height of the result in pixels.</param>
    /// <param name="random">All draws.</param>
    /// <returns>RGB, <paramref name="size"/> × <paramref name="size"/>.</returns>
    public static RasterImage Of(RasterImage picture, int size, RandomStream random)
    {
        var shorter = Math.Min(picture.Width, picture.Height);
        // Not magnified more than twice, where the picture is large enough.
        var smallest = Math.Clamp(SmallestShare * shorter, Math.Min(size / 2, shorter), shorter);
        var side = random.NextDouble() < TrueScale ? Math.Min(size, shorter) : (int)(smallest * Math.Pow(shorter / smallest, random.NextDouble()));
        var (left, top) = (random.NextInt(0, picture.Width - side), random.NextInt(0, picture.Height - side));
        var crop = Turned(Cut(picture, left, top, side).Resize(size, size, ResizeFilter.Bilinear), random.NextInt(0, 7));
        if (random.NextDouble() < Gray)
            crop = crop.ToGray().ToRgb();
        if (random.NextDouble() < Blurred)
            crop = crop.Resize(size / 2, size / 2, ResizeFilter.Bilinear).Resize(size, size, ResizeFilter.Bilinear);
        return Recoloured(crop, random);
    }

    private static RasterImage Cut(RasterImage picture, int left, int top, int side)
    {
        var crop = new RasterImage(side, side, 3);
        for (var y = 0; y < side; y++)
            Array.Copy(picture.Pixels, 3 * ((top + y) * picture.Width + left), crop.Pixels, 3 * y * side, 3 * side);
        return crop;
    }

    /// <summary>One of the eight ways to lay a square on itself.</summary>
    private static RasterImage Turned(RasterImage square, int way)
    {
        var (side, turned) = (square.Width, new RasterImage(square.Width, square.Width, 3));
        for (var y = 0; y < side; y++)
            for (var x = 0; x < side; x++)
            {
                var (column, row) = ((way & 4) != 0 ? y : x, (way & 4) != 0 ? x : y);
                column = (way & 1) != 0 ? side - 1 - column : column;
                row = (way & 2) != 0 ? side - 1 - row : row;
                square.Pixels.AsSpan(3 * (row * side + column), 3).CopyTo(turned.Pixels.AsSpan(3 * (y * side + x)));
            }
        return turned;
    }

    /// <summary>Brightness, contrast and a tint per channel, sometimes strong ones and another gamma, then a little noise, in place.</summary>
    private static RasterImage Recoloured(RasterImage crop, RandomStream random)
    {
        var strong = random.NextDouble() < OtherLight;
        float contrast = strong ? random.Between(0.25f, 1.8f) : random.Between(0.6f, 1.4f), brightness = strong ? random.Between(-80, 80) : random.Between(-40, 40);
        var gamma = strong ? MathF.Exp(random.Between(-0.7f, 0.7f)) : 1;
        float[] tint = [random.Between(0.85f, 1.15f), random.Between(0.85f, 1.15f), random.Between(0.85f, 1.15f)];
        var noise = random.NextDouble() < 0.3 ? random.Between(0, 10) : 0;
        var pixels = crop.Pixels;
        for (var i = 0; i < pixels.Length; i++)
        {
            var grain = noise == 0 ? 0 : noise * (float)(random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5);
            var level = gamma == 1 ? pixels[i] : 255 * MathF.Pow(pixels[i] / 255f, gamma);
            pixels[i] = (byte)Math.Clamp(((level - 128) * contrast + 128 + brightness) * tint[i % 3] + grain, 0, 255);
        }
        return crop;
    }
}
