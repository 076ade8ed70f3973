using Falcon.Data;

namespace Falcon.Detection;

/// <summary>What a detector says about one image.</summary>
/// <param name="Item">The image.</param>
/// <param name="Score">The image score; higher is more anomalous.</param>
/// <param name="Map">The anomaly map of the whole image: at the method's own resolution or, when the method sees a crop or tiles, at the size of the resized image.</param>
/// <param name="Width">Width of the image file in pixels.</param>
/// <param name="Height">Height of the image file in pixels.</param>
public sealed record Prediction(ImageItem Item, double Score, AnomalyMap Map, int Width, int Height)
{
    /// <summary>The regions of the map at the size of the image file, whatever the score: <see cref="Detector.Regions"/> heeds the detector's threshold.</summary>
    /// <param name="search">What counts as a region.</param>
    public IReadOnlyList<AnomalousRegion> Regions(RegionSearch search) => search.In(Map.Resize(Width, Height));
}
