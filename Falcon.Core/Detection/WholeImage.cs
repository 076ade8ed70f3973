using Falcon.Data;

namespace Falcon.Detection;

/// <summary>Collects what a network says of the inputs that an image became, one or its tiles, as they come.</summary>
/// <param name="preprocessing">How the image became these inputs.</param>
/// <param name="width">Width of the image file in pixels.</param>
/// <param name="height">Height of the image file in pixels.</param>
internal sealed class WholeImage(Preprocessing preprocessing, int width, int height)
{
    private readonly TileGrid? _tiles = preprocessing.TilesOf(width, height);
    private AnomalyMap? _map;
    private int _seen;

    /// <summary>The image's score where the method defines it: that of its most anomalous tile.</summary>
    public double? OwnScore { get; private set; }

    /// <summary>How many inputs are still to come.</summary>
    public int Missing => (_tiles?.Count ?? 1) - _seen;

    /// <summary>The map of the whole image: of a tiled or cropped one at the size of the resized image, else at the method's own resolution.</summary>
    public AnomalyMap Map => _map!;

    /// <summary>Adds the next input's map, and its own score if the method gives one.</summary>
    public void Add(AnomalyMap map, double? ownScore)
    {
        if (_tiles is { } tiles)
        {
            _map ??= new(new float[tiles.ImageWidth * tiles.ImageHeight], tiles.ImageWidth, tiles.ImageHeight);
            tiles.Blend(_map.Values, _seen, map.Resize(tiles.Tile.Width, tiles.Tile.Height).Values);
        }
        else
            _map = preprocessing.CropOf(width, height) is { } crop ? map.Uncropped(crop, preprocessing.Width, preprocessing.Height) : map;
        OwnScore = OwnScore is { } before && before > ownScore ? before : ownScore;
        _seen++;
    }
}
