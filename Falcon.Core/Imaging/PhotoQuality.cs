namespace Falcon.Imaging;

/// <summary>What a photo's pixels say of how it was taken.</summary>
/// <param name="Sharpness">Mean square of the Laplacian of the gray values, in squared gray levels: small where a photo is out of focus (Pertuz et al., Pattern Recognition
/// 2013, LAP4's kin).</param>
/// <param name="Brightness">Mean gray value, in [0, 255].</param>
public readonly record struct PhotoQuality(double Sharpness, double Brightness)
{
    /// <summary>Looks at a photo.</summary>
    public static PhotoQuality Of(RasterImage photo)
    {
        var gray = photo.ToGray();
        var (pixels, width, height) = (gray.Pixels, gray.Width, gray.Height);
        var squares = 0L;
        for (var y = 1; y < height - 1; y++)
            for (int x = 1, i = y * width + 1; x < width - 1; x++, i++)
            {
                long laplacian = pixels[i - 1] + pixels[i + 1] + pixels[i - width] + pixels[i + width] - 4 * pixels[i];
                squares += laplacian * laplacian;
            }
        return new((double)squares / Math.Max(1, (long)(width - 2) * (height - 2)), pixels.Average(value => (double)value));
    }
}
