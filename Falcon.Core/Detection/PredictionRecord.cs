namespace Falcon.Detection;

/// <summary>What files and answers say of one image (docs/predictions.md).</summary>
/// <param name="Image">The image's name.</param>
/// <param name="Path">Its file; null where it has none.</param>
/// <param name="Width">Columns of the image.</param>
/// <param name="Height">Rows of the image.</param>
/// <param name="Score">Higher is more anomalous.</param>
/// <param name="Relative">The score in units of the threshold.</param>
/// <param name="Anomalous">Whether the score is above the threshold.</param>
/// <param name="Regions">The one with the highest peak first; null where they were not searched.</param>
/// <param name="Map">Where the anomaly map is; null for nowhere.</param>
/// <param name="Overlay">Where the photo with its map is; null for nowhere.</param>
public record PredictionRecord(
    string Image, string? Path, int Width, int Height, double Score, double Relative, bool Anomalous, IReadOnlyList<RegionRecord>? Regions, string? Map, string? Overlay)
{
    /// <summary>What a detector said of an image.</summary>
    /// <param name="prediction">It.</param>
    /// <param name="threshold">The detector's.</param>
    /// <param name="regions">The regions; null where they were not searched.</param>
    /// <param name="map">Where the map is.</param>
    /// <param name="overlay">Where the overlay is.</param>
    public static PredictionRecord Of(Prediction prediction, double threshold, IEnumerable<AnomalousRegion>? regions, string? map = null, string? overlay = null) => new(
        prediction.Item.RelativeName, prediction.Item.Path is "" ? null : prediction.Item.Path, prediction.Width, prediction.Height, prediction.Score,
        RelativeOf(prediction.Score, threshold), prediction.Score > threshold, regions is null ? null : [.. regions.Select(RegionRecord.Of)], map, overlay);

    /// <summary>A score in units of a threshold: 1 at the threshold, infinite above one of 0.</summary>
    /// <param name="score">The score.</param>
    /// <param name="threshold">The threshold.</param>
    public static double RelativeOf(double score, double threshold) => score == threshold ? 1 : score / threshold;
}

/// <summary>One region of it.</summary>
/// <param name="Box">The smallest box around it.</param>
/// <param name="Area">Pixels, without those of holes.</param>
/// <param name="Percent">Of the image's pixels, 0 to 100.</param>
/// <param name="Peak">Where it is most anomalous.</param>
/// <param name="Centroid">The centre of gravity.</param>
/// <param name="Outline">Closed polygons of corners [x, y].</param>
public sealed record RegionRecord(RegionBox Box, int Area, double Percent, RegionPeak Peak, RegionCentroid Centroid, int[][][] Outline)
{
    /// <summary>A region.</summary>
    public static RegionRecord Of(AnomalousRegion region) => new(
        region.Box, region.Area, region.Percent, region.Peak, region.Centroid,
        [.. region.Outline.Select(polygon => polygon.Select(corner => new[] { corner.X, corner.Y }).ToArray())]);
}
