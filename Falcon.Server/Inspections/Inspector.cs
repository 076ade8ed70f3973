using System.Diagnostics;
using Falcon.Detection;
using Falcon.Server.Home;
using Falcon.Server.Parts;

namespace Falcon.Server.Inspections;

/// <summary>From an image to what is said of it.</summary>
/// <param name="options">The server's.</param>
/// <param name="models">The models.</param>
/// <param name="lanes">Where it is computed.</param>
/// <param name="history">Where it is remembered.</param>
internal sealed class Inspector(ServerOptions options, LoadedModels models, Lanes lanes, InspectionHistory history)
{
    /// <summary>Inspects an image with the present model of a part. The time is that of the library alone: decoding, scoring, regions.</summary>
    public async Task<(InspectionRecord Record, TimeSpan Time)> Inspect(Part part, InspectedImage image, InspectionWish wish, CancellationToken cancellation)
    {
        var (record, map, time) = await lanes.Compute(() => Inspect(part, image, wish), cancellation);
        if (wish.Keep)
            history.Add(new(record, image.Frame, map.Width, map.Height, map.Region?.ToString()), image.Bytes.Span, map);
        return (record, time);
    }

    private (InspectionRecord, AnomalyMap, TimeSpan) Inspect(Part part, InspectedImage image, InspectionWish wish)
    {
        using var use = models.Rent(part);
        var started = Stopwatch.GetTimestamp();
        var detector = use.Detector;
        var prediction = image.Predict(detector, wish.Name, options.MostPixels);
        // One threshold for all that is said, also while another request changes it.
        var threshold = detector.Threshold;
        var search = wish.Search(detector);
        var regions = search is null ? null : prediction.Score > threshold ? prediction.Regions(search) : [];
        var time = Stopwatch.GetElapsedTime(started);
        var id = Identifier.Next();
        var (map, overlay) = wish.Keep ? ($"/api/inspections/{id}/map.npy", $"/api/inspections/{id}/overlay.png") : (null, null);
        var record = new InspectionRecord(PredictionRecord.Of(prediction, threshold, regions, map, overlay))
        {
            Id = id,
            Part = part.Id,
            Model = use.Version,
            Created = DateTimeOffset.UtcNow,
            Threshold = threshold,
            PixelThreshold = search?.Threshold,
            WhiteLevel = detector.Card.Method.WhiteLevel,
        };
        return (record, prediction.Map, time);
    }
}
