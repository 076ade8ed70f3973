namespace Falcon.Metrics;

/// <summary>Counts scores at and between given levels, without keeping them: one table look-up and a short binary search each.</summary>
internal sealed class ScoreTally
{
    private const int TableBits = 18;

    private readonly uint[] _levels;
    private readonly int _shift;
    private readonly int[] _firstLevel;

    // Slot 2i counts scores strictly between levels i − 1 and i; slot 2i + 1 those at level i.
    private readonly long[] _counts;

    /// <param name="levels">Distinct <see cref="FloatOrder"/> keys, ascending, at least one.</param>
    public ScoreTally(uint[] levels)
    {
        _levels = levels;
        _counts = new long[2 * levels.Length + 1];
        var span = levels[^1] - levels[0];
        _shift = Math.Max(0, 32 - TableBits - (int)uint.LeadingZeroCount(span | 1));
        _firstLevel = new int[(span >> _shift) + 2];
        for (int bucket = 0, level = 0; bucket < _firstLevel.Length; bucket++)
        {
            while (level < levels.Length && (levels[level] - levels[0]) >> _shift < bucket)
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
            var key = FloatOrder.Key(score);
            var slot = key < lowest ? 0 : key > highest ? _counts.Length - 1 : Slot(key, (int)((key - lowest) >> _shift));
            _counts[slot]++;
        }
    }

    /// <summary>The number of scores at one level.</summary>
    public long At(int level) => _counts[2 * level + 1];

    /// <summary>The number of scores below one level and above the one before; the number of levels asks for those above all.</summary>
    public long Below(int level) => _counts[2 * level];

    private int Slot(uint key, int bucket)
    {
        var (low, high) = (_firstLevel[bucket], _firstLevel[bucket + 1]);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_levels[middle] < key)
                low = middle + 1;
            else
                high = middle;
        }
        return low < _levels.Length && _levels[low] == key ? 2 * low + 1 : 2 * low;
    }
}
