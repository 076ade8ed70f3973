namespace Falcon.Data;

/// <summary>Where tiles lie along one side of an image, and how much each says of a position: their weights add up to 1 everywhere, and fall to 0 at a tile's ends
/// where another goes on.</summary>
internal sealed class TileAxis
{
    private readonly float[][] _weights;

    /// <param name="length">Pixels of the image's side.</param>
    /// <param name="size">Pixels of a tile's side, at most those of the image.</param>
    /// <param name="overlap">Pixels that neighbours share at least, below <paramref name="size"/>.</param>
    public TileAxis(int length, int size, int overlap)
    {
        var step = size - overlap;
        Starts = [.. Enumerable.Range(0, (length - size + step - 1) / step + 1).Select(tile => Math.Min(tile * step, length - size))];
        var sums = new double[length];
        foreach (var start in Starts)
            for (var i = 0; i < size; i++)
                sums[start + i] += Ramp(i, size, overlap);
        _weights = [.. Starts.Select(start => Enumerable.Range(0, size).Select(i => (float)(Ramp(i, size, overlap) / sums[start + i])).ToArray())];
    }

    /// <summary>The first position of each tile.</summary>
    public IReadOnlyList<int> Starts { get; }

    /// <summary>The weight of each position of a tile, in (0, 1].</summary>
    public ReadOnlySpan<float> Weights(int tile) => _weights[tile];

    /// <summary>A raised cosine over the overlap at both ends: those of two neighbours add up to 1.</summary>
    private static double Ramp(int position, int size, int overlap)
    {
        var toEnd = Math.Min(position, size - 1 - position) + 0.5;
        var sine = toEnd >= overlap ? 1 : Math.Sin(Math.PI / 2 * toEnd / overlap);
        return sine * sine;
    }
}
