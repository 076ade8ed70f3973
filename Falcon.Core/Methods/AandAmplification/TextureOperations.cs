using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>The ten operations that change a texture before it becomes a defect (specification, section 4). Each gives a changed copy of an RGB image.</summary>
internal static class TextureOperations
{
    private const int Chosen = 3;

    /// <summary>All of them, in the specification's order.</summary>
    public static IReadOnlyList<Func<RasterImage, RandomStream, RasterImage>> All { get; } =
    [
        Gamma, Brightness, Sharpness, HueAndSaturation, Solarise, Posterise, Invert, Autocontrast, (image, _) => Histogram.Equalised(image), Turn,
    ];

    /// <summary>Applies three different ones, in the order in which they are drawn.</summary>
    public static RasterImage Apply(RasterImage image, RandomStream stream)
    {
        int[] order = [.. Enumerable.Range(0, All.Count)];
        stream.Shuffle(order.AsSpan());
        return order.Take(Chosen).Aggregate(image, (changed, operation) => All[operation](changed, stream));
    }

    private static RasterImage Gamma(RasterImage image, RandomStream stream)
    {
        var tables = Enumerable.Range(0, 3).Select(_ => stream.NextDouble(0.5, 2)).Select(gamma => Table(v => 255 * Math.Pow(v / 255.0, gamma))).ToArray();
        return Mapped(image, (value, channel) => tables[channel][value]);
    }

    /// <summary>What the luma changes by is added to all three channels.</summary>
    private static RasterImage Brightness(RasterImage image, RandomStream stream)
    {
        var (factor, summand) = (stream.NextDouble(0.8, 1.2), stream.NextDouble(-30, 30));
        var luma = image.ToGray().Pixels;
        var result = new byte[image.Pixels.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = Level(image.Pixels[i] + Math.Clamp(luma[i / 3] * factor + summand, 0, 255) - luma[i / 3]);
        return Like(image, result);
    }

    /// <summary>Between the image smoothed (factor 0) and beyond the image itself (factor 1), as Pillow's <c>ImageEnhance.Sharpness</c>.</summary>
    private static RasterImage Sharpness(RasterImage image, RandomStream stream)
    {
        var factor = stream.NextDouble(0, 3);
        var (width, pixels) = (image.Width, image.Pixels);
        byte[] result = [.. pixels];
        for (var y = 1; y < image.Height - 1; y++)
            for (var i = 3 * (y * width + 1); i < 3 * (y * width + width - 1); i++)
            {
                var around = 4 * pixels[i];
                for (var row = i - 3 * width; row <= i + 3 * width; row += 3 * width)
                    around += pixels[row - 3] + pixels[row] + pixels[row + 3];
                var smooth = Math.Floor(around / 13.0 + 0.5);
                result[i] = Level(smooth + factor * (pixels[i] - smooth));
            }
        return Like(image, result);
    }

    private static RasterImage HueAndSaturation(RasterImage image, RandomStream stream)
    {
        var (hue, saturation) = (stream.NextInt(-50, 50), stream.NextInt(-50, 50));
        var result = new byte[image.Pixels.Length];
        for (var i = 0; i < result.Length; i += 3)
            Shift(image.Pixels.AsSpan(i, 3), result.AsSpan(i, 3), hue / 255.0, saturation / 255.0);
        return Like(image, result);
    }

    private static RasterImage Solarise(RasterImage image, RandomStream stream)
    {
        if (!stream.NextBool())
            return image;
        var threshold = stream.NextInt(32, 128);
        return Mapped(image, (value, _) => value > threshold ? (byte)(255 - value) : value);
    }

    private static RasterImage Posterise(RasterImage image, RandomStream stream)
    {
        var dropped = 8 - stream.NextInt(1, 8);
        return Mapped(image, (value, _) => (byte)(value >> dropped << dropped));
    }

    private static RasterImage Invert(RasterImage image, RandomStream stream) => Mapped(image, (value, _) => (byte)(255 - value));

    private static RasterImage Autocontrast(RasterImage image, RandomStream stream) => Histogram.Stretched(image, stream.NextInt(0, 20));

    private static RasterImage Turn(RasterImage image, RandomStream stream)
    {
        var turned = FieldTurning.Turn(Array.ConvertAll(image.Pixels, value => (float)value), image.Height, image.Width, 3, stream.NextDouble(-45, 45));
        return Like(image, Array.ConvertAll(turned, value => Level(value)));
    }

    /// <summary>Turns the hue by a share of the circle and adds to the saturation (HSV); the value stays.</summary>
    private static void Shift(ReadOnlySpan<byte> from, Span<byte> to, double hue, double saturation)
    {
        double red = from[0], green = from[1], blue = from[2];
        var most = Math.Max(red, Math.Max(green, blue));
        var range = most - Math.Min(red, Math.Min(green, blue));
        var sixths = range == 0 ? 0 : most == red ? (green - blue) / range : most == green ? 2 + (blue - red) / range : 4 + (red - green) / range;
        var changed = most * Math.Clamp((most == 0 ? 0 : range / most) + saturation, 0, 1);
        for (var c = 0; c < 3; c++)
        {
            // 5, 3 and 1 sixths are where red, green and blue begin to fall.
            var k = ((5 - 2 * c + sixths + 6 * hue) % 6 + 6) % 6;
            to[c] = Level(most - changed * Math.Clamp(Math.Min(k, 4 - k), 0, 1));
        }
    }

    private static RasterImage Mapped(RasterImage image, Func<byte, int, byte> map)
    {
        var result = new byte[image.Pixels.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = map(image.Pixels[i], i % 3);
        return Like(image, result);
    }

    private static byte[] Table(Func<int, double> map) => [.. Enumerable.Range(0, 256).Select(value => Level(map(value)))];

    private static RasterImage Like(RasterImage image, byte[] pixels) => new(image.Width, image.Height, 3, pixels);

    private static byte Level(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
