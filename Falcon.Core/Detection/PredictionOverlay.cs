using Falcon.Imaging;

namespace Falcon.Detection;

/// <summary>A photo under its anomaly map, with the outlines of regions.</summary>
public static class PredictionOverlay
{
    /// <summary>Draws it. The threshold is in the middle of the colours, so that they mean the same in every overlay of a model; what was not looked at is dark.</summary>
    /// <param name="photo">RGB or gray.</param>
    /// <param name="map">Of the whole photo, at any size.</param>
    /// <param name="threshold">The image's threshold.</param>
    /// <param name="outlines">Closed polygons in pixels of the photo.</param>
    /// <param name="opacity">0 (photo only) to 1 (colour only, where the map is highest).</param>
    public static RasterImage Draw(RasterImage photo, AnomalyMap map, double threshold, IEnumerable<IReadOnlyList<PixelPoint>> outlines, double opacity = 0.5)
    {
        var (low, high) = Colours(threshold);
        var heat = HeatMap.Overlay(photo, map.Values, map.Width, map.Height, low, high, opacity);
        return OutlineDrawing.On(map.Region is { } region ? region.Highlighted(heat) : heat, outlines);
    }

    /// <summary>The map alone in the same colours.</summary>
    /// <param name="map">At any size.</param>
    /// <param name="threshold">The image's threshold.</param>
    public static RasterImage Heat(AnomalyMap map, double threshold)
    {
        var (low, high) = Colours(threshold);
        return HeatMap.Colour(map.Values, map.Width, map.Height, low, high);
    }

    private static (float Low, float High) Colours(double threshold) => ((float)(0.5 * threshold), (float)(1.5 * threshold));
}
