namespace Falcon.Training;

/// <summary>Averages the losses of steps, weighted by their number of images.</summary>
internal sealed class MeanLosses
{
    private readonly List<(string Name, double Sum)> _sums = [];
    private long _images;

    public IReadOnlyList<(string Name, double Value)> Means => [.. _sums.Select(s => (s.Name, s.Sum / _images))];

    public void Add(IReadOnlyList<(string Name, double Value)> losses, int images)
    {
        _images += images;
        for (var i = 0; i < losses.Count; i++)
            if (_sums.Count <= i)
                _sums.Add((losses[i].Name, losses[i].Value * images));
            else
                _sums[i] = (losses[i].Name, _sums[i].Sum + losses[i].Value * images);
    }
}
