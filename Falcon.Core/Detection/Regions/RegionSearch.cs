using Falcon.Metrics;

namespace Falcon.Detection;

/// <summary>Finds the regions of an anomaly map: 8-connected parts above a threshold.</summary>
/// <param name="Threshold">Map values above it belong to a region; NaN does not.</param>
/// <param name="PeakAbove">A region counts only if its peak is above this value: the threshold says how far a defect may reach, the peak whether there is one (thresholding
/// with hysteresis, Canny 1986).</param>
/// <param name="Smallest">How large a region must be, its parts together; by default every region counts.</param>
/// <param name="MergeWithin">Parts with at most so many columns and so many rows between them are one region; 0 for connected ones alone.</param>
/// <param name="EdgeHeight">What is lower than this share of the peak's height above the map's median does not belong to the peak's region. Maps are blurred: the edge of
/// what is larger than the blur lies at half the height, however strong it is. 0 for the threshold alone.</param>
/// <param name="Tolerance">How far an outline may pass by a corner of the region that it leaves out, in pixels; 0 for outlines along the edges of pixels.</param>
public sealed record RegionSearch(
    double Threshold, double PeakAbove = double.NegativeInfinity, SmallestArea Smallest = default, int MergeWithin = 0, double EdgeHeight = 0.5,
    double Tolerance = 1)
{
    /// <summary>The regions, the one with the highest peak first.</summary>
    /// <param name="map">At the size of the photo.</param>
    public IReadOnlyList<AnomalousRegion> In(AnomalyMap map)
    {
        var mask = new RegionMask(map, Threshold);
        if (EdgeHeight > 0)
            mask.Trim(EdgeHeight);
        var found = MaskRegions.Of(mask.Pixels, mask.Stride, MergeWithin + 1);
        var pixels = map.Values.Length;
        var regions = found.Areas.Select(area => Smallest.Admits(area, pixels) ? new RegionMeasure(area) : null).ToArray();
        foreach (var run in found.Runs)
        {
            if (regions[run.Region] is not { } region)
                continue;
            var (x, y, values) = mask.Under(run);
            region.Add(x, y, values);
        }
        var tracing = new OutlineTracing(mask.Pixels, mask.Stride);
        foreach (var run in found.Runs)
        {
            if (regions[run.Region] is { } region && region.Peak > PeakAbove && tracing.From(run.Start) is { } polygon)
                region.Add(Tolerance > 0 ? PolygonSimplification.Of(polygon, Tolerance) : polygon);
        }
        return
        [
            .. regions.OfType<RegionMeasure>().Where(region => region.Peak > PeakAbove).OrderByDescending(region => region.Peak)
                .Select(region => region.Measured(pixels)),
        ];
    }
}
