using System.Runtime.InteropServices;

namespace Falcon.Metrics;

/// <summary>All pixels of a category's test images in order of their scores, with the regions that the anomalous ones belong to.</summary>
/// <remarks>Only the anomalous pixels are sorted. The normal ones, by far the most, matter only through how many lie at and between the scores of
/// anomalous pixels, so they are counted map by map and never kept: memory is at most 28 bytes per anomalous pixel, whatever the number of normal ones,
/// which is less than all scores at 4 bytes each as long as at most one pixel in seven is anomalous.</remarks>
public sealed class PixelRanking : Ranking
{
    private readonly AnomalousPixels _anomalous = new();
    private readonly SharedFalsePositives _shared;
    private readonly string[] _names;
    private readonly ScoreTally? _normal;
    private readonly int _levels;

    /// <param name="maps">The maps of one category; read twice, one at a time, so the list may load each map when asked for it.</param>
    /// <exception cref="InvalidInputException">A mask is of another size than its map, or a score is not a finite number; all such maps are named.</exception>
    public PixelRanking(IReadOnlyList<AnomalyMapSample> maps)
    {
        var runs = new IReadOnlyList<MaskRun>[maps.Count];
        List<float> counted = [];
        _names = new string[maps.Count];
        _shared = new SharedFalsePositives(maps.Count);
        List<Finding> findings = [];
        for (var i = 0; i < maps.Count; i++)
        {
            var map = maps[i];
            _names[i] = map.Name;
            if (Fault(map) is { } fault)
            {
                findings.Add(fault);
                continue;
            }
            var outside = Outside(map);
            var regions = MaskRegions.Of(Counted(map, outside), map.Width);
            _anomalous.Add(i, map.Scores.Span, regions);
            // What is passed over in counting normal pixels: the anomalous ones, and those that are not counted.
            runs[i] = outside.Count == 0 ? regions.Runs : [.. regions.Runs.Concat(outside).OrderBy(run => run.Start)];
            var normal = map.Scores.Length - runs[i].Sum(run => run.Length);
            Negatives += normal;
            if (regions.Areas.Count > 0 || normal == 0)
                continue;
            if (runs[i].Count == 0)
            {
                _shared.Add(map.Scores.Span);
                continue;
            }
            counted.Clear();
            ForNormal(map.Scores.Span, runs[i], scores => counted.AddRange(scores));
            _shared.Add(CollectionsMarshal.AsSpan(counted));
        }
        if (findings.Count > 0)
            throw new InvalidInputException(findings);

        Positives = _anomalous.Count;
        _anomalous.Sort();
        var levels = _anomalous.Levels();
        _levels = levels.Length;
        if (_levels == 0)
            return;
        _normal = new ScoreTally(levels);
        for (var i = 0; i < maps.Count; i++)
            ForNormal(maps[i].Scores.Span, runs[i], _normal.Add);
    }

    /// <summary>The number of 8-connected anomalous regions.</summary>
    public int Regions => _anomalous.Regions;

    /// <summary>The pixels from the highest score down. Normal pixels that score between two anomalous ones come as one group, which changes no
    /// metric; the score of such a group is that of the anomalous pixels above it.</summary>
    public override IEnumerable<TieGroup> Groups => Steps.Select(s => s.Group);

    // The groups with what each adds to the sum, over all regions, of the share of the region that is found.
    private IEnumerable<(TieGroup Group, double Overlap)> Steps
    {
        get
        {
            var level = _levels;
            var above = double.PositiveInfinity;
            if (_normal?.Below(level) is > 0 and var highest)
                yield return (new TieGroup(above, 0, highest), 0);
            foreach (var (key, pixels, overlap) in _anomalous.Descending())
            {
                level--;
                above = FloatOrder.Score(key);
                yield return (new TieGroup(above, pixels, _normal!.At(level)), overlap);
                if (_normal.Below(level) is > 0 and var between)
                    yield return (new TieGroup(above, 0, between), 0);
            }
        }
    }

    /// <summary>Area under the per-region overlap curve (AUPRO; Bergmann et al., IJCV 2021, section 5.2): the overlap averaged over regions, against the
    /// false-positive rate over all normal pixels, every distinct score a threshold, linear in between, divided by the limit.</summary>
    /// <param name="limit">The false-positive rate up to which the area is taken, in (0, 1].</param>
    /// <returns>A number in [0, 1]; null without anomalous or without normal pixels.</returns>
    public double? Aupro(double limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, 1);
        if (!IsDefined)
            return null;
        double area = 0, rate = 0, overlap = 0;
        foreach (var (nextRate, nextOverlap) in OverlapPoints())
        {
            if (nextRate > limit)
            {
                var cut = double.Lerp(overlap, nextOverlap, (limit - rate) / (nextRate - rate));
                return (area + (limit - rate) * (overlap + cut) / 2) / limit;
            }
            area += (nextRate - rate) * (overlap + nextOverlap) / 2;
            (rate, overlap) = (nextRate, nextOverlap);
        }
        return area / limit;
    }

    /// <summary>The curve whose area <see cref="Aupro"/> is.</summary>
    /// <returns>Null without anomalous or without normal pixels.</returns>
    public OverlapCurve? RegionOverlapCurve()
    {
        if (!IsDefined)
            return null;
        List<double> rates = [0], overlaps = [0];
        foreach (var (rate, overlap) in OverlapPoints())
        {
            rates.Add(rate);
            overlaps.Add(overlap);
        }
        return new OverlapCurve(rates, overlaps);
    }

    /// <summary>For each region, the share of its pixels that score at least as much as a threshold. Regions come in the order of the maps, and within a map
    /// by their first pixel.</summary>
    /// <param name="threshold">A score, not NaN.</param>
    public IReadOnlyList<double> RegionOverlaps(double threshold)
    {
        // The lowest single-precision number at or above the threshold finds the same pixels.
        var nearest = (float)threshold;
        return _anomalous.Overlaps(FloatOrder.Key(nearest < threshold ? MathF.BitIncrement(nearest) : nearest));
    }

    /// <summary>The overlap at a threshold, averaged over regions.</summary>
    /// <param name="threshold">A score; null takes that of <see cref="Ranking.F1Max"/>.</param>
    /// <returns>In [0, 1]; null without anomalous pixels, and without normal ones when no threshold is given.</returns>
    public double? RegionOverlap(double? threshold = null) =>
        Regions > 0 && (threshold ?? F1Max?.Threshold) is { } score ? RegionOverlaps(score).Average() : null;

    /// <summary>AUPIMO of each image with anomalous pixels (Bertoldo et al. 2024, equation 4): the share of its anomalous pixels that are found, averaged over
    /// the logarithm of the shared false-positive rate, which is the mean over normal images of the share of their pixels called anomalous. The share found
    /// at a rate is that of the lowest threshold which does not exceed the rate, every distinct score a threshold, nothing interpolated.</summary>
    /// <param name="low">The lower limit of the rate, above 0; 1e-5 is usual.</param>
    /// <param name="high">The upper limit of the rate, at most 1e-3; 1e-4 is usual.</param>
    /// <returns>In the order of the maps; empty without anomalous pixels or without normal images.</returns>
    public IReadOnlyList<ImageOverlap> ImageOverlaps(double low = 1e-5, double high = 1e-4)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(low);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(high, SharedFalsePositives.Highest);
        if (!_shared.IsDefined)
            return [];
        // The area under the steps, pixel by pixel: each counts from the rate at which it is found up to the upper limit.
        _shared.Rewind();
        var span = Math.Log(high / low);
        var values = _anomalous.MeanPerImage(key => Math.Clamp(Math.Log(high / _shared.Rate(key)) / span, 0, 1));
        return [.. values.OrderBy(value => value.Key).Select(value => new ImageOverlap(_names[value.Key], value.Value))];
    }

    /// <summary>AUPIMO averaged over images; see <see cref="ImageOverlaps"/>.</summary>
    /// <inheritdoc cref="ImageOverlaps" path="/param"/>
    /// <returns>In [0, 1]; null without anomalous pixels or without normal images.</returns>
    public double? Aupimo(double low = 1e-5, double high = 1e-4) =>
        ImageOverlaps(low, high) is { Count: > 0 } images ? images.Average(image => image.Value) : null;

    private IEnumerable<(double Rate, double Overlap)> OverlapPoints()
    {
        long falsePositives = 0;
        var overlap = 0.0;
        foreach (var (group, gain) in Steps)
        {
            falsePositives += group.Negatives;
            overlap += gain;
            yield return ((double)falsePositives / Negatives, overlap / Regions);
        }
    }

    private static Finding? Fault(AnomalyMapSample map)
    {
        var scores = map.Scores.Span;
        if (map.Width <= 0 || scores.Length % map.Width != 0)
            return new Finding($"{scores.Length} scores do not fill rows of {map.Width} pixels", map.Name, "Give maps as (H, W), row by row.");
        if (!map.Mask.IsEmpty && map.Mask.Length != scores.Length)
            return new Finding($"the mask has {map.Mask.Length} pixels but the anomaly map {scores.Length}", map.Name, "Resize the mask to the size of the map.");
        if (!map.Inside.IsEmpty && map.Inside.Length != scores.Length)
            return new Finding($"the region of interest has {map.Inside.Length} pixels but the anomaly map {scores.Length}", map.Name, "Resize it to the size of the map.");
        foreach (var score in scores)
        {
            if (!float.IsFinite(score))
                return new Finding($"the anomaly map holds {score}", map.Name, "Give finite scores; check the training run for divergence.");
        }
        return null;
    }

    /// <summary>The mask without what is not counted.</summary>
    private static ReadOnlySpan<byte> Counted(AnomalyMapSample map, IReadOnlyList<MaskRun> outside)
    {
        if (outside.Count == 0 || map.Mask.IsEmpty)
            return map.Mask.Span;
        var mask = map.Mask.ToArray();
        foreach (var run in outside)
            mask.AsSpan(run.Start, run.Length).Clear();
        return mask;
    }

    private static IReadOnlyList<MaskRun> Outside(AnomalyMapSample map) =>
        MaskRegions.Of(Array.ConvertAll(map.Inside.ToArray(), inside => inside == 0 ? (byte)1 : (byte)0), map.Width).Runs;

    private static void ForNormal(ReadOnlySpan<float> scores, IReadOnlyList<MaskRun> others, Action<ReadOnlySpan<float>> act)
    {
        var start = 0;
        foreach (var run in others)
        {
            act(scores[start..run.Start]);
            start = run.Start + run.Length;
        }
        act(scores[start..]);
    }
}
