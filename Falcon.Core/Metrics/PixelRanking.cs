namespace Falcon.Metrics;

/// <summary>All pixels of a category's test images in order of their scores, with the regions that the anomalous ones belong to.</summary>
/// <remarks>Only the anomalous pixels are sorted. The normal ones, by far the most, matter only through how many lie at and between the scores of
/// anomalous pixels, so they are counted map by map and never kept: memory is about 40 bytes per anomalous pixel, whatever the number of normal ones.</remarks>
public sealed class PixelRanking : Ranking
{
    private readonly uint[] _levels;
    private readonly int[] _positives;
    private readonly double[] _overlaps;
    private readonly ScoreTally? _normal;

    /// <param name="maps">The maps of one category; read twice, one at a time, so the list may load each map when asked for it.</param>
    /// <exception cref="InvalidInputException">A mask is of another size than its map, or a score is not a finite number; all such maps are named.</exception>
    public PixelRanking(IReadOnlyList<AnomalyMapSample> maps)
    {
        var runs = new IReadOnlyList<MaskRun>[maps.Count];
        List<int> areas = [];
        List<ulong> anomalous = [];
        List<Finding> findings = [];
        for (var i = 0; i < maps.Count; i++)
        {
            var map = maps[i];
            if (Fault(map) is { } fault)
            {
                findings.Add(fault);
                continue;
            }
            var regions = MaskRegions.Of(map.Mask.Span, map.Width);
            runs[i] = regions.Runs;
            foreach (var run in regions.Runs)
            {
                foreach (var score in map.Scores.Span.Slice(run.Start, run.Length))
                    anomalous.Add((ulong)FloatOrder.Key(score) << 32 | (uint)(areas.Count + run.Region));
            }
            areas.AddRange(regions.Areas);
            Negatives += map.Scores.Length - regions.Areas.Sum();
        }
        if (findings.Count > 0)
            throw new InvalidInputException(findings);

        Regions = areas.Count;
        Positives = anomalous.Count;
        anomalous.Sort();
        (_levels, _positives, _overlaps) = Levels(anomalous, areas);
        if (_levels.Length == 0)
            return;
        _normal = new ScoreTally(_levels);
        for (var i = 0; i < maps.Count; i++)
            CountNormal(maps[i].Scores.Span, runs[i]);
    }

    /// <summary>The number of 8-connected anomalous regions.</summary>
    public int Regions { get; }

    /// <summary>The pixels from the highest score down. Normal pixels that score between two anomalous ones come as one group, which changes no
    /// metric; the score of such a group is that of the anomalous pixels above it.</summary>
    public override IEnumerable<TieGroup> Groups => Steps.Select(s => s.Group);

    // The groups with what each adds to the sum, over all regions, of the share of the region that is found.
    private IEnumerable<(TieGroup Group, double Overlap)> Steps
    {
        get
        {
            var above = double.PositiveInfinity;
            for (var level = _levels.Length; level >= 0; level--)
            {
                if (level < _levels.Length)
                {
                    above = FloatOrder.Score(_levels[level]);
                    yield return (new TieGroup(above, _positives[level], _normal!.At(level)), _overlaps[level]);
                }
                if (_normal?.Below(level) is > 0 and var between)
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
        long falsePositives = 0;
        foreach (var (group, gain) in Steps)
        {
            falsePositives += group.Negatives;
            var nextRate = (double)falsePositives / Negatives;
            var nextOverlap = overlap + gain;
            if (nextRate > limit)
            {
                var cut = double.Lerp(overlap, nextOverlap, (limit - rate) / (nextRate - rate));
                return (area + (limit - rate) * (overlap + cut) / 2) / limit / Regions;
            }
            area += (nextRate - rate) * (overlap + nextOverlap) / 2;
            (rate, overlap) = (nextRate, nextOverlap);
        }
        return area / limit / Regions;
    }

    private static Finding? Fault(AnomalyMapSample map)
    {
        var scores = map.Scores.Span;
        if (map.Width <= 0 || scores.Length % map.Width != 0)
            return new Finding($"{scores.Length} scores do not fill rows of {map.Width} pixels", map.Name, "Give maps as (H, W), row by row.");
        if (!map.Mask.IsEmpty && map.Mask.Length != scores.Length)
            return new Finding($"the mask has {map.Mask.Length} pixels but the anomaly map {scores.Length}", map.Name, "Resize the mask to the size of the map.");
        foreach (var score in scores)
        {
            if (!float.IsFinite(score))
                return new Finding($"the anomaly map holds {score}", map.Name, "Give finite scores; check the training run for divergence.");
        }
        return null;
    }

    private static (uint[] Levels, int[] Positives, double[] Overlaps) Levels(List<ulong> ascending, List<int> areas)
    {
        List<uint> levels = [];
        List<int> positives = [];
        List<double> overlaps = [];
        foreach (var pixel in ascending)
        {
            var key = (uint)(pixel >> 32);
            if (levels.Count == 0 || levels[^1] != key)
            {
                levels.Add(key);
                positives.Add(0);
                overlaps.Add(0);
            }
            positives[^1]++;
            overlaps[^1] += 1.0 / areas[(int)(uint)pixel];
        }
        return ([.. levels], [.. positives], [.. overlaps]);
    }

    private void CountNormal(ReadOnlySpan<float> scores, IReadOnlyList<MaskRun> anomalous)
    {
        var start = 0;
        foreach (var run in anomalous)
        {
            _normal!.Add(scores[start..run.Start]);
            start = run.Start + run.Length;
        }
        _normal!.Add(scores[start..]);
    }
}
