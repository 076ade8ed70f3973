using Falcon.Detection;

namespace Falcon.Server.Inspections;

/// <summary>What an inspection says: an image of docs/predictions.md, and what it was inspected with. <c>map</c> and <c>overlay</c> are paths on the server, null where nothing is
/// remembered.</summary>
internal sealed record InspectionRecord : PredictionRecord
{
    /// <param name="prediction">What the detector says.</param>
    public InspectionRecord(PredictionRecord prediction) : base(prediction)
    {
    }

    /// <summary>For reading it back.</summary>
    [System.Text.Json.Serialization.JsonConstructor]
    public InspectionRecord(
        string image, string? path, int width, int height, double score, double relative, bool anomalous, IReadOnlyList<RegionRecord>? regions, string? map, string? overlay)
        : base(image, path, width, height, score, relative, anomalous, regions, map, overlay)
    {
    }

    /// <summary>Its name in paths.</summary>
    public required string Id { get; init; }

    /// <summary>The part.</summary>
    public required string Part { get; init; }

    /// <summary>The version of the part's model.</summary>
    public required int Model { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>Scores above it are anomalous.</summary>
    public required double Threshold { get; init; }

    /// <summary>Map values above it belong to regions; null where they were not searched.</summary>
    public required double? PixelThreshold { get; init; }

    /// <summary>The value of a file's 16-bit samples that the model takes for white; null where it reads their upper byte.</summary>
    public int? WhiteLevel { get; init; }
}
