namespace Falcon.Metrics;

/// <summary>The highest scores of normal images, and the shared false-positive rate at each: the mean over normal images of the share of their pixels
/// that score at least as much (Bertoldo et al. 2024, section 3). Only the scores with a rate up to <see cref="Highest"/> are kept.</summary>
internal sealed class SharedFalsePositives(int images)
{
    /// <summary>The largest rate that can be asked for.</summary>
    public const double Highest = 1e-3;

    private readonly List<(uint Key, double Weight)> _pool = [];
    private int _prunedLength;
    private uint _floor;
    private int _normal;
    private int _next;
    private double _sum;

    /// <summary>Whether there was any normal image.</summary>
    public bool IsDefined => _normal > 0;

    /// <summary>Adds a normal image.</summary>
    /// <param name="scores">All its pixels, at least one.</param>
    public void Add(ReadOnlySpan<float> scores)
    {
        _normal++;
        var weight = 1.0 / scores.Length;
        foreach (var score in scores)
        {
            var key = FloatOrder.Key(score);
            if (key >= _floor)
                _pool.Add((key, weight));
        }
        if (_pool.Count > 2 * _prunedLength + (1 << 16))
            Prune();
    }

    /// <summary>Starts to read rates from the highest score down.</summary>
    public void Rewind()
    {
        Prune();
        (_next, _sum) = (0, 0);
    }

    /// <summary>The shared false-positive rate of a threshold; anything above <see cref="Highest"/> where it exceeds that.</summary>
    /// <param name="threshold">A <see cref="FloatOrder"/> key, not above the one asked for before.</param>
    public double Rate(uint threshold)
    {
        for (; _next < _pool.Count && _pool[_next].Key >= threshold; _next++)
            _sum += _pool[_next].Weight;
        return _next == _pool.Count && threshold < _floor ? double.PositiveInfinity : _sum / _normal;
    }

    // One entry per score, highest first, down to the first whose rate must exceed the highest however many of the images are normal.
    private void Prune()
    {
        _pool.Sort((a, b) => b.Key.CompareTo(a.Key));
        var kept = 0;
        var sum = 0.0;
        var limit = Highest * images;
        for (var i = 0; i < _pool.Count && (sum <= limit || _pool[i].Key == _pool[kept - 1].Key); i++)
        {
            sum += _pool[i].Weight;
            if (kept > 0 && _pool[kept - 1].Key == _pool[i].Key)
                _pool[kept - 1] = (_pool[i].Key, _pool[kept - 1].Weight + _pool[i].Weight);
            else
                _pool[kept++] = _pool[i];
        }
        _pool.RemoveRange(kept, _pool.Count - kept);
        _prunedLength = kept;
        _floor = sum > limit ? _pool[^1].Key : 0;
    }
}
