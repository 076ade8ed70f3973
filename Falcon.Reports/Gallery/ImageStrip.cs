using Falcon.Data;
using Falcon.Imaging;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Photo, mask and heat map of one test image, side by side.</summary>
internal static class ImageStrip
{
    private const int Side = 256;
    private const int Gap = 4;
    private const byte White = 255, UnknownMask = 128;
    private const double Opacity = 0.7;

    /// <summary>Draws the strip: photo, mask (black for normal images, gray when there is none), heat map over the gray photo when the map was kept.</summary>
    /// <exception cref="InvalidInputException">Photo or mask cannot be read.</exception>
    public static RasterImage Draw(string categoryFolder, ImageOutcome image, CellMaps maps)
    {
        var original = ImageFile.ReadRgb(Path.Combine(categoryFolder, image.Image));
        var scale = (double)Side / Math.Max(original.Width, original.Height);
        var (width, height) = (Math.Max(1, (int)Math.Round(scale * original.Width)), Math.Max(1, (int)Math.Round(scale * original.Height)));
        var photo = original.Resize(width, height, ResizeFilter.Bilinear);

        List<RasterImage> panels = [photo, Mask(categoryFolder, image, width, height)];
        if (maps.Of(image) is var (values, mapWidth, mapHeight))
            panels.Add(HeatMap.Overlay(photo.ToGray(), values, mapWidth, mapHeight, maps.Low, maps.High, Opacity));
        var strip = new Canvas(panels.Count * width + (panels.Count - 1) * Gap, height, White);
        for (var i = 0; i < panels.Count; i++)
            strip.Paste(panels[i], i * (width + Gap), 0);
        return strip.Image;
    }

    private static RasterImage Mask(string categoryFolder, ImageOutcome image, int width, int height)
    {
        if (image.MaskFile is { } file)
            return Visible(DefectMask.Read(Path.Combine(categoryFolder, file)).Resize(width, height, ResizeFilter.Nearest));
        return new Canvas(width, height, image.IsAnomalous ? UnknownMask : (byte)0).Image;
    }

    private static RasterImage Visible(RasterImage mask) =>
        new(mask.Width, mask.Height, 1, Array.ConvertAll(mask.Pixels, value => value > 0 ? White : (byte)0));
}
