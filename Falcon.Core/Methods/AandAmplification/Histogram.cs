using Falcon.Imaging;

namespace Falcon.Methods;

/// <summary>Changes of an RGB image that follow from how often each level occurs in each channel, as Pillow's <c>ImageOps</c>.</summary>
internal static class Histogram
{
    private const int Levels = 256;

    /// <summary>Stretches each channel to 0–255, the darkest and the brightest pixels left aside (<c>autocontrast</c>).</summary>
    /// <param name="image">RGB.</param>
    /// <param name="cutoff">How many percent of the pixels are left aside at either end.</param>
    public static RasterImage Stretched(RasterImage image, int cutoff) => Mapped(image, counts =>
    {
        var left = (long)counts.Sum() * cutoff / 100;
        var (low, high) = (First(Enumerable.Range(0, Levels)), First(Enumerable.Range(0, Levels).Reverse()));
        return high <= low ? level => level : level => Math.Clamp((level - low) * 255.0 / (high - low), 0, 255);

        int First(IEnumerable<int> levels)
        {
            var seen = 0L;
            return levels.FirstOrDefault(level => (seen += counts[level]) > left);
        }
    });

    /// <summary>Makes all levels of each channel as frequent as possible (<c>equalize</c>).</summary>
    public static RasterImage Equalised(RasterImage image) => Mapped(image, counts =>
    {
        var occurring = counts.Where(count => count > 0).ToArray();
        var step = (occurring.Sum() - occurring[^1]) / (Levels - 1);
        if (occurring.Length < 2 || step == 0)
            return level => level;
        var before = new int[Levels];
        for (var level = 1; level < Levels; level++)
            before[level] = before[level - 1] + counts[level - 1];
        return level => Math.Min((step / 2 + before[level]) / step, Levels - 1);
    });

    private static RasterImage Mapped(RasterImage image, Func<int[], Func<int, double>> mapOf)
    {
        var tables = new byte[3][];
        for (var channel = 0; channel < 3; channel++)
        {
            var counts = new int[Levels];
            for (var i = channel; i < image.Pixels.Length; i += 3)
                counts[image.Pixels[i]]++;
            tables[channel] = [.. Enumerable.Range(0, Levels).Select(mapOf(counts)).Select(level => (byte)level)];
        }
        var result = new byte[image.Pixels.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = tables[i % 3][image.Pixels[i]];
        return new(image.Width, image.Height, 3, result);
    }
}
