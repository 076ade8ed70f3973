using Falcon.Imaging;

namespace Falcon.Methods;

/// <summary>Masks of zeros and ones: of the part before a background, and cleaned by a median.</summary>
internal static class PartMask
{
    private const int Window = 7;

    /// <summary>1 where the image is not its background.</summary>
    /// <param name="image">RGB.</param>
    /// <param name="background">Its level and how far it may be from that.</param>
    public static RasterImage Of(RasterImage image, PlainBackground background)
    {
        var mask = new RasterImage(image.Width, image.Height, 1);
        for (var i = 0; i < mask.Pixels.Length; i++)
        {
            var pixel = image.Pixels.AsSpan(3 * i, 3);
            var mean = (pixel[0] + pixel[1] + pixel[2]) / 3.0;
            mask.Pixels[i] = Math.Abs(mean - background.Level) > background.Tolerance ? (byte)1 : (byte)0;
        }
        return Median(mask, Window);
    }

    /// <summary>The value of most pixels of the square around each; the border is repeated outwards.</summary>
    /// <param name="mask">Of zeros and ones.</param>
    /// <param name="size">Side of the square, odd.</param>
    public static RasterImage Median(RasterImage mask, int size)
    {
        var (width, height, radius) = (mask.Width, mask.Height, size / 2);
        var rows = new int[width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var d = -radius; d <= radius; d++)
                    rows[y * width + x] += mask.Pixels[y * width + Math.Clamp(x + d, 0, width - 1)];

        var median = new RasterImage(width, height, 1);
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var ones = 0;
                for (var d = -radius; d <= radius; d++)
                    ones += rows[Math.Clamp(y + d, 0, height - 1) * width + x];
                median.Pixels[y * width + x] = 2 * ones > size * size ? (byte)1 : (byte)0;
            }
        return median;
    }
}
