using Falcon.Metrics;

namespace Falcon.Detection;

/// <summary>Finds the regions of an anomaly map: 8-connected parts above a threshold.</summary>
/// <param name="Threshold">Map values above it may belong to a region; NaN does not.</param>
/// <param name="PeakAbove">A part counts only if its peak is above this value: the threshold says how far a defect may reach, the peak whether there is one (thresholding with
/// hysteresis, Canny 1986).</param>
/// <param name="Smallest">How large a region must be, its parts together; by default every region counts.</param>
/// <param name="MergeWithin">Parts with at most so many columns and so many rows between them are one region; 0 for connected ones alone.</param>
/// <param name="EdgeHeight">What is lower than this share of its part's peak, as heights above the map's median (or the threshold, where that is lower), is not in the region.
/// Maps are blurred: the edge of what is larger than the blur lies at half the height. What is <see cref="SureHeight"/> times as high as <paramref name="PeakAbove"/> is always in. 0 for the threshold alone.</param>
/// <param name="Tolerance">How far an outline may pass by a corner of the region that it leaves out, in pixels; 0 for outlines along the edges of pixels.</param>
public sealed record RegionSearch(
    double Threshold, double PeakAbove = double.NegativeInfinity, SmallestArea Smallest = default, int MergeWithin = 0, double EdgeHeight = 0.5,
    double Tolerance = 1)
{
    /// <summary>A map that multiplies layers has peaks many times as high as what suffices for a defect; half their height would cut the defect off.</summary>
    public const double SureHeight = 2;

    /// <summary>The regions, the one with the highest peak first.</summary>
    /// <param name="map">At the size of the photo.</param>
    public IReadOnlyList<AnomalousRegion> In(AnomalyMap map)
    {
        var mask = new RegionMask(map, Threshold);
        var parts = MaskRegions.Of(mask.Pixels, mask.Stride);
        var peaks = Peaks(mask, parts);
        List<MaskRun> runs = [];
        foreach (var run in parts.Runs)
        {
            if (peaks[run.Region] > PeakAbove)
                runs.Add(run);
            else
                mask.Pixels.AsSpan(run.Start, run.Length).Clear();
        }
        // The same runs in the same order, with the numbers of the regions.
        var found = MaskRegions.Of(mask.Pixels, mask.Stride, MergeWithin + 1);
        var levels = Levels(peaks, mask.Median());
        var regions = found.Areas.Select(_ => new RegionMeasure()).ToArray();
        foreach (var (run, region) in runs.Zip(found.Runs, (run, numbered) => (run, regions[numbered.Region])))
            Add(region, run, levels[run.Region], mask);
        var tracing = new OutlineTracing(mask.Pixels, mask.Stride);
        var pixels = map.Values.Length;
        return
        [
            .. regions.Where(region => Smallest.Admits(region.Area, pixels)).OrderByDescending(region => region.Peak)
                .Select(region => region.Measured(pixels, tracing, Tolerance)),
        ];
    }

    private static float[] Peaks(RegionMask mask, MaskRegions parts)
    {
        var peaks = new float[parts.Areas.Count];
        Array.Fill(peaks, float.NegativeInfinity);
        foreach (var run in parts.Runs)
        {
            var peak = peaks[run.Region];
            foreach (var value in mask.Under(run))
            {
                if (value > peak)
                    peak = value;
            }
            peaks[run.Region] = peak;
        }
        return peaks;
    }

    /// <summary>The lowest value of each part that is in its region.</summary>
    private float[] Levels(float[] peaks, float median)
    {
        if (EdgeHeight <= 0)
            return [.. peaks.Select(_ => float.NegativeInfinity)];
        var usual = median < Threshold ? median : Threshold;
        var sure = double.IsFinite(PeakAbove) ? SureHeight * (PeakAbove - usual) : double.PositiveInfinity;
        return [.. peaks.Select(peak => (float)(usual + Math.Min(EdgeHeight * (peak - usual), sure)))];
    }

    /// <summary>Adds what a run has at or above a level to its region, and takes the rest from the mask.</summary>
    private static void Add(RegionMeasure region, MaskRun run, float level, RegionMask mask)
    {
        var values = mask.Under(run);
        var start = 0;
        for (var i = 0; i <= values.Length; i++)
        {
            if (i < values.Length && !(values[i] < level))
                continue;
            if (i > start)
            {
                var (x, y) = mask.Place(run.Start + start);
                region.Add(run.Start + start, x, y, values[start..i]);
            }
            if (i < values.Length)
                mask.Pixels[run.Start + i] = 0;
            start = i + 1;
        }
    }
}
