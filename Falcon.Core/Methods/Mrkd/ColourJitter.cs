using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>Changes the brightness, contrast, saturation and hue of an image a little, in random order.</summary>
internal static class ColourJitter
{
    /// <summary>A changed copy.</summary>
    /// <param name="image">RGB.</param>
    /// <param name="range">Factors come from 1 ± this, the hue moves by up to this share of the circle.</param>
    /// <param name="stream">Order and amounts.</param>
    public static RasterImage Of(RasterImage image, double range, RandomStream stream)
    {
        double[] values = Array.ConvertAll(image.Pixels, value => value / 255.0);
        int[] order = [0, 1, 2, 3];
        stream.Shuffle(order.AsSpan());
        foreach (var kind in order)
        {
            var change = stream.NextDouble(-range, range);
            switch (kind)
            {
                case 0:
                    Blend(values, _ => 0, 1 + change);
                    break;
                case 1:
                    var mean = Enumerable.Range(0, values.Length / 3).Average(i => Luma(values.AsSpan(3 * i, 3)));
                    Blend(values, _ => mean, 1 + change);
                    break;
                case 2:
                    Blend(values, i => Luma(values.AsSpan(3 * i, 3)), 1 + change);
                    break;
                default:
                    for (var i = 0; i < values.Length; i += 3)
                        TurnHue(values.AsSpan(i, 3), change);
                    break;
            }
        }
        return new(image.Width, image.Height, 3, Array.ConvertAll(values, value => (byte)Math.Round(255 * value)));
    }

    /// <summary>Moves each pixel away from a gray level (share above 1) or towards it.</summary>
    private static void Blend(double[] values, Func<int, double> level, double share)
    {
        for (var i = 0; i < values.Length / 3; i++)
        {
            var gray = level(i);
            for (var c = 3 * i; c < 3 * i + 3; c++)
                values[c] = Math.Clamp(gray + (values[c] - gray) * share, 0, 1);
        }
    }

    private static double Luma(ReadOnlySpan<double> pixel) => 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];

    /// <summary>Turns the hue of a pixel; value and saturation (of HSV) stay.</summary>
    private static void TurnHue(Span<double> pixel, double turns)
    {
        var (red, green, blue) = (pixel[0], pixel[1], pixel[2]);
        var most = Math.Max(red, Math.Max(green, blue));
        var range = most - Math.Min(red, Math.Min(green, blue));
        if (range == 0)
            return;
        var sixths = most == red ? (green - blue) / range : most == green ? 2 + (blue - red) / range : 4 + (red - green) / range;
        for (var c = 0; c < 3; c++)
        {
            // 5, 3 and 1 sixths are where red, green and blue begin to fall.
            var k = ((5 - 2 * c + sixths + 6 * turns) % 6 + 6) % 6;
            pixel[c] = most - range * Math.Clamp(Math.Min(k, 4 - k), 0, 1);
        }
    }
}
