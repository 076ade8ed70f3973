using Falcon.Data;
using Falcon.Imaging;
using Falcon.Randomness;
using static TorchSharp.torch;

namespace Falcon.Bench;

/// <summary>Pictures to measure on: a bright blurred disc with grain on a dark ground, so that methods that look for an object find one.</summary>
internal static class BenchmarkImages
{
    /// <summary>(N, 3, H, W) float32, normalised; always the same pixels.</summary>
    public static Tensor Batch(Preprocessing preprocessing, int count)
    {
        int width = preprocessing.Width, height = preprocessing.Height;
        var values = Enumerable.Range(0, count).SelectMany(i => preprocessing.Apply(Disc(width, height, new MasterSeed(0).Stream("benchmark", $"{i}"))));
        return tensor(values.ToArray(), [count, 3, height, width], device: CPU);
    }

    /// <summary>Names for images of a batch.</summary>
    public static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];

    /// <summary>One such picture.</summary>
    public static RasterImage Disc(int width, int height, RandomStream random)
    {
        var image = new RasterImage(width, height, 3);
        for (var i = 0; i < width * height; i++)
        {
            double y = (i / width + 0.5) / height - 0.5, x = (i % width + 0.5) / width - 0.5;
            var light = 40 + 160 / (1 + Math.Exp(80 * (Math.Sqrt(x * x + y * y) - 0.3)));
            for (var c = 0; c < 3; c++)
                image.Pixels[3 * i + c] = (byte)Math.Clamp(light - 20 * c + 8 * random.NextGaussian(), 0, 255);
        }
        return image;
    }
}
