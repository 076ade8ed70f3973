namespace Falcon.Metrics;

/// <summary>Counts scores at and between given levels, without keeping them: one table look-up and, where levels crowd, a short binary search each.</summary>
internal sealed class ScoreTally
{
    private const int Buckets = 1 << 18;

    private readonly float[] _levels;
    private readonly double _scale;

    // For each bucket of the range of levels, the first level that is in it or in a later one.
    private readonly int[] _firstLevel = new int[Buckets + 1];

    // Slot 2i counts scores strictly between levels i − 1 and i; slot 2i + 1 those at level i.
    private readonly long[] _counts;

    /// <param name="levels">Distinct <see cref="FloatOrder"/> keys, ascending, at least one.</param>
    public ScoreTally(uint[] levels)
    {
        _levels = Array.ConvertAll(levels, FloatOrder.Score);
        _counts = new long[2 * levels.Length + 1];
        _scale = levels.Length > 1 ? (Buckets - 1) / ((double)_levels[^1] - _levels[0]) : 0;
        for (int bucket = 0, level = 0; bucket <= Buckets; bucket++)
        {
            while (level < levels.Length && Bucket(_levels[level]) < bucket)
                level++;
            _firstLevel[bucket] = level;
        }
    }

    /// <summary>Counts more scores.</summary>
    public void Add(ReadOnlySpan<float> scores)
    {
        var (lowest, highest) = (_levels[0], _levels[^1]);
        foreach (var score in scores)
        {
            var slot = score < lowest ? 0 : score > highest ? _counts.Length - 1 : Slot(score, Bucket(score));
            _counts[slot]++;
        }
    }

    /// <summary>The number of scores at one level.</summary>
    public long At(int level) => _counts[2 * level + 1];

    /// <summary>The number of scores below one level and above the one before; the number of levels asks for those above all.</summary>
    public long Below(int level) => _counts[2 * level];

    // Rounding keeps the order of scores, so a bucket never lies before that of a lower score.
    private int Bucket(float score) => (int)(((double)score - _levels[0]) * _scale);

    private int Slot(float score, int bucket)
    {
        var (low, high) = (_firstLevel[bucket], _firstLevel[bucket + 1]);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_levels[middle] < score)
                low = middle + 1;
            else
                high = middle;
        }
        return low < _levels.Length && _levels[low] == score ? 2 * low + 1 : 2 * low;
    }
}
