namespace Falcon.Training;

/// <summary>Averages the losses of steps, weighted by their number of images.</summary>
internal sealed class MeanLosses
{
    private readonly List<(string Name, double Sum)> _sums = [];

    public MeanLosses()
    {
    }

    /// <param name="images">As <see cref="Images"/>.</param>
    /// <param name="sums">As <see cref="Sums"/>.</param>
    public MeanLosses(long images, IEnumerable<(string Name, double Sum)> sums)
    {
        Images = images;
        _sums.AddRange(sums);
    }

    /// <summary>Images of the steps so far.</summary>
    public long Images { get; private set; }

    /// <summary>Each loss, times its number of images, added up.</summary>
    public IReadOnlyList<(string Name, double Sum)> Sums => _sums;

    public IReadOnlyList<(string Name, double Value)> Means => [.. _sums.Select(s => (s.Name, s.Sum / Images))];

    public void Add(IReadOnlyList<(string Name, double Value)> losses, int images)
    {
        Images += images;
        for (var i = 0; i < losses.Count; i++)
            if (_sums.Count <= i)
                _sums.Add((losses[i].Name, losses[i].Value * images));
            else
                _sums[i] = (losses[i].Name, _sums[i].Sum + losses[i].Value * images);
    }
}
