using Falcon.Data;
using Falcon.Imaging;
using Falcon.Protocol;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Photo, mask and heat map of a test image, all of one size.</summary>
internal static class ImagePanels
{
    /// <summary>The longer side of a picture.</summary>
    public const int Side = 256;

    private const double Opacity = 0.7;

    /// <summary>The photo.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static RasterImage Photo(string path)
    {
        var original = ImageFile.ReadRgb(path);
        var scale = (double)Side / Math.Max(original.Width, original.Height);
        return original.Resize(Math.Max(1, (int)Math.Round(scale * original.Width)), Math.Max(1, (int)Math.Round(scale * original.Height)), ResizeFilter.Bilinear);
    }

    /// <summary>The mask, white where the defect is.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    public static RasterImage Mask(string path, RasterImage photo, MaskThreshold? threshold)
    {
        var mask = DefectMask.Read(path, threshold).Resize(photo.Width, photo.Height, ResizeFilter.Nearest);
        return new RasterImage(mask.Width, mask.Height, 1, Array.ConvertAll(mask.Pixels, value => value > 0 ? byte.MaxValue : (byte)0));
    }

    /// <summary>A mask where none is kept: black for good images, gray for others.</summary>
    public static RasterImage Unmasked(ImageOutcome image, RasterImage photo)
    {
        var blank = new RasterImage(photo.Width, photo.Height, 1);
        blank.Pixels.AsSpan().Fill(image.IsAnomalous ? (byte)128 : (byte)0);
        return blank;
    }

    /// <summary>The heat map over the gray photo; null when the map was not kept.</summary>
    public static RasterImage? Heat(ImageOutcome image, CellMaps maps, RasterImage photo) => maps.Of(image) is var (values, width, height)
        ? HeatMap.Overlay(photo.ToGray(), values, width, height, maps.Low, maps.High, Opacity)
        : null;
}
