using Falcon.Detection;
using Falcon.Server.Safety;

namespace Falcon.Server.Inspections;

/// <summary>How an image shall be inspected.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="MinArea">The smallest region; null for every one.</param>
/// <param name="MergeWithin">Pixels between regions that are one; null for none.</param>
/// <param name="PixelThreshold">Map values above it belong to a region; null for the model's.</param>
/// <param name="Keep">Whether it is remembered.</param>
internal sealed record InspectionWish(string Name, SmallestArea? MinArea, int? MergeWithin, double? PixelThreshold, bool Keep)
{
    /// <summary>Reads what a request's query says.</summary>
    /// <exception cref="InvalidInputException">A value cannot be used.</exception>
    public static InspectionWish Of(string? name, string? minArea, int? mergeWithin, double? pixelThreshold, bool? keep)
    {
        const int farthest = 1000;
        if (mergeWithin is < 0 or > farthest)
            throw ProblemException.Invalid($"{mergeWithin} is no distance in pixels", "mergeWithin", $"Give a number from 0 to {farthest}.");
        if (pixelThreshold is { } value && !double.IsFinite(value))
            throw ProblemException.Invalid($"{value} is no value of a map", "pixelThreshold", "Give a number.");
        return new(Parts.PartStore.CheckedName(name ?? "image"), minArea is null ? null : SmallestArea.Parse(minArea), mergeWithin, pixelThreshold, keep ?? true);
    }

    /// <summary>How regions are searched; null where nothing is known of a pixel threshold and nobody asks for regions, as 'falcon predict' does it.</summary>
    public RegionSearch? Search(Detector detector)
    {
        if (detector.Card.PixelThreshold is null && PixelThreshold is null && MinArea is null && MergeWithin is null)
            return null;
        var search = detector.RegionSearch(PixelThreshold);
        return search with { Smallest = MinArea ?? search.Smallest, MergeWithin = MergeWithin ?? search.MergeWithin };
    }
}
