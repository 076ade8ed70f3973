namespace Falcon.Inference;

/// <summary>What a detector says of a photo.</summary>
public sealed class Inspection
{
    private readonly AnomalyMap _map;
    private readonly double? _pixelThreshold;
    private readonly bool _byMaximum;

    internal Inspection(AnomalyMap map, double score, double threshold, double? pixelThreshold, bool byMaximum) =>
        (_map, Score, Threshold, _pixelThreshold, _byMaximum) = (map, score, threshold, pixelThreshold, byMaximum);

    /// <summary>The image score; higher is more anomalous.</summary>
    public double Score { get; }

    /// <summary>The threshold that was valid.</summary>
    public double Threshold { get; }

    /// <summary>Whether the score is above the threshold.</summary>
    public bool IsAnomalous => Score > Threshold;

    /// <summary>Columns of the photo.</summary>
    public int Width => _map.Width;

    /// <summary>Rows of the photo.</summary>
    public int Height => _map.Height;

    /// <summary>How anomalous each pixel of the photo is, row by row; higher is more anomalous.</summary>
    public ReadOnlyMemory<float> Map => _map.Values;

    /// <summary>Where the photo is anomalous, the region with the highest peak first; none where <see cref="IsAnomalous"/> is false.</summary>
    /// <param name="pixelThreshold">Map values above it belong to a region; null for the detector's.</param>
    /// <param name="smallestArea">Pixels that a region must have.</param>
    /// <param name="mergeWithin">Parts with at most so many columns and rows between them are one region.</param>
    /// <exception cref="InvalidInputException">No pixel threshold is given, and the detector has none.</exception>
    public IReadOnlyList<AnomalousRegion> Regions(double? pixelThreshold = null, int smallestArea = 0, int mergeWithin = 0)
    {
        if (!IsAnomalous)
            return [];
        var limit = pixelThreshold ?? _pixelThreshold
            ?? throw new InvalidInputException("the detector has no pixel threshold, above which regions are found", "the ONNX file", "Train it again with this Falcon, or give a pixel threshold.");
        var search = _byMaximum ? new RegionSearch(pixelThreshold ?? Math.Min(limit, Threshold), PeakAbove: Threshold) : new(limit);
        return (search with { Smallest = SmallestArea.Pixels(smallestArea), MergeWithin = mergeWithin }).In(_map);
    }
}
