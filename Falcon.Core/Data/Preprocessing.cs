using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>How an image file becomes a network's input: RGB, resized without keeping the aspect ratio, scaled to [0, 1], normalised per channel with
/// ImageNet's mean and standard deviation.</summary>
/// <param name="Width">Width of the input in pixels.</param>
/// <param name="Height">Height of the input in pixels.</param>
/// <param name="Filter">The resizing filter.</param>
public sealed record Preprocessing(int Width, int Height, ResizeFilter Filter = ResizeFilter.Bilinear)
{
    /// <summary>ImageNet's mean of R, G and B in [0, 1].</summary>
    public static float[] ImageNetMean => [0.485f, 0.456f, 0.406f];

    /// <summary>ImageNet's standard deviation of R, G and B in [0, 1].</summary>
    public static float[] ImageNetDeviation => [0.229f, 0.224f, 0.225f];

    /// <summary>A square input.</summary>
    public static Preprocessing Square(int size, ResizeFilter filter = ResizeFilter.Bilinear) => new(size, size, filter);

    /// <summary>The input's values, (3, Height, Width), channel after channel.</summary>
    public float[] Apply(RasterImage image) => Normalise(image.Resize(Width, Height, Filter));

    /// <summary>The values of an image that has the input's size already, (3, Height, Width), channel after channel.</summary>
    public float[] Normalise(RasterImage resized)
    {
        var values = new float[3 * Width * Height];
        var (mean, deviation) = (ImageNetMean, ImageNetDeviation);
        for (var c = 0; c < 3; c++)
        {
            var plane = values.AsSpan(c * Width * Height, Width * Height);
            for (var i = 0; i < plane.Length; i++)
                plane[i] = (resized.Pixels[3 * i + c] / 255f - mean[c]) / deviation[c];
        }
        return values;
    }
}
