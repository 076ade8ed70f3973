namespace Falcon.Metrics;

/// <summary>The anomalous pixels of a category in order of their scores, each with the region that it belongs to: 8 bytes a pixel.</summary>
internal sealed class AnomalousPixels
{
    private const int ChunkLength = 1 << 16;

    private readonly List<int> _areas = [];
    private readonly List<int> _images = [];

    // The rank key of the score in the upper half, the region in the lower one. Chunks, so that growing never copies what is there.
    private readonly List<ulong[]> _chunks = [];
    private int _filled = ChunkLength;
    private ulong[] _ascending = [];

    /// <summary>The number of pixels.</summary>
    public long Count => _areas.Sum(area => (long)area);

    /// <summary>The number of 8-connected regions.</summary>
    public int Regions => _areas.Count;

    /// <summary>Adds the anomalous pixels of one image.</summary>
    /// <param name="image">The number of the image.</param>
    /// <param name="scores">(H, W) row by row.</param>
    /// <param name="regions">The regions of its mask.</param>
    public void Add(int image, ReadOnlySpan<float> scores, MaskRegions regions)
    {
        foreach (var run in regions.Runs)
        {
            var region = (uint)(_areas.Count + run.Region);
            foreach (var score in scores.Slice(run.Start, run.Length))
            {
                if (_filled == ChunkLength)
                {
                    _chunks.Add(new ulong[ChunkLength]);
                    _filled = 0;
                }
                _chunks[^1][_filled++] = (ulong)FloatOrder.Key(score) << 32 | region;
            }
        }
        _areas.AddRange(regions.Areas);
        _images.AddRange(Enumerable.Repeat(image, regions.Areas.Count));
    }

    /// <summary>Sorts what was added; nothing may be added after this.</summary>
    public void Sort()
    {
        _ascending = new ulong[Count];
        for (var i = 0; i < _chunks.Count; i++)
            _chunks[i].AsSpan(0, (int)Math.Min(ChunkLength, _ascending.Length - (long)i * ChunkLength)).CopyTo(_ascending.AsSpan(i * ChunkLength));
        _chunks.Clear();
        Array.Sort(_ascending);
    }

    /// <summary>The distinct scores as <see cref="FloatOrder"/> keys, ascending.</summary>
    public uint[] Levels()
    {
        var distinct = 0;
        for (var i = 0; i < _ascending.Length; i++)
            distinct += i == 0 || Key(i) != Key(i - 1) ? 1 : 0;
        var levels = new uint[distinct];
        for (int i = 0, level = 0; i < _ascending.Length; i++)
        {
            if (i == 0 || Key(i) != Key(i - 1))
                levels[level++] = Key(i);
        }
        return levels;
    }

    /// <summary>For each distinct score, from the highest down: how many pixels have it, and the sum over them of 1 / area of their region.</summary>
    public IEnumerable<(uint Key, int Pixels, double Overlap)> Descending()
    {
        for (int end = _ascending.Length - 1, start; end >= 0; end = start)
        {
            var overlap = 0.0;
            for (start = end; start >= 0 && Key(start) == Key(end); start--)
                overlap += 1.0 / _areas[Region(start)];
            yield return (Key(end), end - start, overlap);
        }
    }

    /// <summary>For each region, the share of its pixels that score at least as much as a key.</summary>
    public double[] Overlaps(uint key)
    {
        var found = new int[_areas.Count];
        for (var i = _ascending.Length - 1; i >= 0 && Key(i) >= key; i--)
            found[Region(i)]++;
        return [.. found.Select((count, region) => (double)count / _areas[region])];
    }

    /// <summary>For each image with anomalous pixels, the mean over them of a value that depends on the score alone.</summary>
    /// <param name="value">Called with keys that never rise; 0 once ends the sum, for no lower score may then have another value.</param>
    public IReadOnlyDictionary<int, double> MeanPerImage(Func<uint, double> value)
    {
        var sums = _images.Distinct().ToDictionary(image => image, _ => 0.0);
        var areas = _images.Zip(_areas).GroupBy(region => region.First).ToDictionary(image => image.Key, image => image.Sum(region => (double)region.Second));
        for (var i = _ascending.Length - 1; i >= 0 && value(Key(i)) is > 0 and var share; i--)
            sums[_images[Region(i)]] += share;
        return sums.ToDictionary(sum => sum.Key, sum => Math.Min(1, sum.Value / areas[sum.Key]));
    }

    private uint Key(int index) => (uint)(_ascending[index] >> 32);

    private int Region(int index) => (int)(uint)_ascending[index];
}
