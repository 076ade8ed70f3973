namespace Falcon.Imaging;

/// <summary>
/// Shows an anomaly map in the colours "inferno": from black over purple and orange to pale yellow. Their lightness rises evenly, so that they read the
/// same with impaired colour vision and in gray print.
/// </summary>
public static class HeatMap
{
    /// <summary>The map in colours.</summary>
    /// <param name="map">Row-major values; higher is more anomalous, NaN is shown as the lowest.</param>
    /// <param name="width">Columns of the map.</param>
    /// <param name="height">Rows of the map.</param>
    /// <param name="low">The value of the darkest colour; smaller values get it too.</param>
    /// <param name="high">The value of the brightest colour; larger values get it too.</param>
    public static RasterImage Colour(float[] map, int width, int height, float low, float high)
    {
        Check(map, width, height);
        var image = new RasterImage(width, height, 3);
        var colours = Inferno.Colours;
        for (var i = 0; i < map.Length; i++) colours.Slice(3 * Level(map[i], low, high), 3).CopyTo(image.Pixels.AsSpan(3 * i));
        return image;
    }

    /// <summary>The map laid over its photo, resized to it bilinearly (pixel centres aligned). The higher the value, the less of the photo is seen.</summary>
    /// <param name="photo">RGB or gray.</param>
    /// <param name="map">Row-major values of a map of the whole photo; higher is more anomalous.</param>
    /// <param name="mapWidth">Columns of the map.</param>
    /// <param name="mapHeight">Rows of the map.</param>
    /// <param name="low">The value at which the photo is seen as it is.</param>
    /// <param name="high">The value at which the colour covers the photo with <paramref name="opacity"/>.</param>
    /// <param name="opacity">0 (photo only) to 1 (colour only).</param>
    public static RasterImage Overlay(RasterImage photo, float[] map, int mapWidth, int mapHeight, float low, float high, double opacity = 0.5)
    {
        Check(map, mapWidth, mapHeight);
        if (opacity is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(opacity), opacity, "Opacity lies between 0 and 1.");
        var image = new RasterImage(photo.Width, photo.Height, 3);
        var colours = Inferno.Colours;
        var columns = Neighbours(mapWidth, photo.Width);
        var rows = Neighbours(mapHeight, photo.Height);
        for (int y = 0, i = 0; y < photo.Height; y++)
        {
            var (upper, lower, down) = rows[y];
            for (var x = 0; x < photo.Width; x++, i++)
            {
                var (left, right, across) = columns[x];
                var top = float.Lerp(map[upper * mapWidth + left], map[upper * mapWidth + right], across);
                var bottom = float.Lerp(map[lower * mapWidth + left], map[lower * mapWidth + right], across);
                var level = Level(float.Lerp(top, bottom, down), low, high);
                var share = opacity * level / 255;
                for (var c = 0; c < 3; c++)
                {
                    var shade = photo.Pixels[photo.Channels == 3 ? 3 * i + c : i];
                    image.Pixels[3 * i + c] = (byte)Math.Round(shade + share * (colours[3 * level + c] - shade));
                }
            }
        }
        return image;
    }

    private static int Level(float value, float low, float high)
    {
        var position = (value - low) / (high - low);
        return float.IsNaN(position) ? 0 : (int)MathF.Round(255 * Math.Clamp(position, 0, 1));
    }

    private static (int Before, int After, float Share)[] Neighbours(int oldSize, int newSize)
    {
        var neighbours = new (int, int, float)[newSize];
        for (var i = 0; i < newSize; i++)
        {
            var position = Math.Clamp((i + 0.5) * oldSize / newSize - 0.5, 0, oldSize - 1);
            var before = (int)position;
            neighbours[i] = (before, Math.Min(before + 1, oldSize - 1), (float)(position - before));
        }
        return neighbours;
    }

    private static void Check(float[] map, int width, int height)
    {
        if (width < 1 || height < 1 || map.Length != width * height)
            throw new ArgumentException($"A map of {width}×{height} needs {(long)width * height} values, not {map.Length}.", nameof(map));
    }
}
