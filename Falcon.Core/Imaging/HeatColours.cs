namespace Falcon.Imaging;

/// <summary>
/// The colours of heat maps: from black over purple, red and orange to pale yellow, much like the map "inferno". Lightness rises evenly (in Ottosson's OKLab),
/// so that the order survives impaired colour vision and gray print; hue turns evenly, and the colours are as vivid as a screen can show them, up to a limit.
/// </summary>
internal static class HeatColours
{
    private const double Brightest = 0.97, MostVivid = 0.2, FirstHue = 280, LastHue = 470;

    /// <summary>256 RGB triples, the lowest value first.</summary>
    public static byte[] Table { get; } = [.. Enumerable.Range(0, 256).SelectMany(level => Colour(level / 255.0))];

    private static byte[] Colour(double position)
    {
        var lightness = Brightest * position;
        var hue = double.DegreesToRadians(FirstHue + (LastHue - FirstHue) * position);
        var (low, high) = (0.0, MostVivid);
        for (var i = 0; i < 20; i++)
        {
            var chroma = (low + high) / 2;
            if (LinearRgb(lightness, chroma, hue).All(value => value is >= 0 and <= 1)) low = chroma;
            else high = chroma;
        }
        return [.. LinearRgb(lightness, low, hue).Select(Encode)];
    }

    // B. Ottosson, A perceptual color space for image processing, 2020.
    private static double[] LinearRgb(double lightness, double chroma, double hue)
    {
        var (a, b) = (chroma * Math.Cos(hue), chroma * Math.Sin(hue));
        var l = Math.Pow(lightness + 0.3963377774 * a + 0.2158037573 * b, 3);
        var m = Math.Pow(lightness - 0.1055613458 * a - 0.0638541728 * b, 3);
        var s = Math.Pow(lightness - 0.0894841775 * a - 1.2914855480 * b, 3);
        return
        [
            4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
            -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
            -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
        ];
    }

    // IEC 61966-2-1 (sRGB).
    private static byte Encode(double linear) =>
        (byte)Math.Round(255 * Math.Clamp(linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.Pow(linear, 1 / 2.4) - 0.055, 0, 1));
}
