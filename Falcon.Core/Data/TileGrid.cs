using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>The tiles of an image: rows of them from top to bottom, each from left to right, all of one size. Together they cover every pixel.</summary>
public sealed class TileGrid
{
    private readonly TileAxis _across, _down;

    internal TileGrid(int imageWidth, int imageHeight, InputSize tile, int overlap)
    {
        (ImageWidth, ImageHeight, Tile) = (imageWidth, imageHeight, tile);
        (_across, _down) = (new(imageWidth, tile.Width, overlap), new(imageHeight, tile.Height, overlap));
    }

    /// <summary>Columns of the image that tiles are cut from.</summary>
    public int ImageWidth { get; }

    /// <summary>Rows of the image that tiles are cut from.</summary>
    public int ImageHeight { get; }

    /// <summary>The size of each tile in pixels.</summary>
    public InputSize Tile { get; }

    /// <summary>How many there are.</summary>
    public int Count => _across.Starts.Count * _down.Starts.Count;

    /// <summary>Where a tile lies in the image.</summary>
    /// <param name="index">From 0 to below <see cref="Count"/>.</param>
    public (int Left, int Top) this[int index] => (_across.Starts[ColumnOf(index)], _down.Starts[RowOf(index)]);

    /// <summary>The tiles of an image of this size, each cut when it is asked for.</summary>
    public IEnumerable<RasterImage> Cut(RasterImage image) =>
        Enumerable.Range(0, Count).Select(index => image.Crop(this[index].Left, this[index].Top, Tile.Width, Tile.Height));

    /// <summary>Adds the map of a tile to that of the image, with weights that add up to 1 over the tiles of each pixel, so that no seam shows.</summary>
    /// <param name="whole">The map of the image, row-major, 0 before the first tile.</param>
    /// <param name="index">The tile.</param>
    /// <param name="map">The map of the tile, row-major.</param>
    internal void Blend(Span<float> whole, int index, ReadOnlySpan<float> map)
    {
        var (left, top) = this[index];
        var columns = _across.Weights(ColumnOf(index));
        var rows = _down.Weights(RowOf(index));
        for (var y = 0; y < Tile.Height; y++)
        {
            var target = whole.Slice((top + y) * ImageWidth + left, Tile.Width);
            var values = map.Slice(y * Tile.Width, Tile.Width);
            for (var x = 0; x < values.Length; x++)
                target[x] += rows[y] * columns[x] * values[x];
        }
    }

    private int ColumnOf(int index) => index % _across.Starts.Count;

    private int RowOf(int index) => index / _across.Starts.Count;
}
