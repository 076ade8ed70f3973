namespace Falcon.Imaging;

/// <summary>Resizes images exactly as Pillow's <c>Image.resize</c>: in 8-bit fixed point, first along rows, then along columns.</summary>
public static class Resizing
{
    /// <summary>The image at another size; the aspect ratio is not kept. The same size gives a copy.</summary>
    /// <param name="image">RGB or gray.</param>
    /// <param name="width">Columns of the result, at least 1.</param>
    /// <param name="height">Rows of the result, at least 1.</param>
    /// <param name="filter">Use <see cref="ResizeFilter.Nearest"/> for masks.</param>
    public static RasterImage Resize(this RasterImage image, int width, int height, ResizeFilter filter)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (width == image.Width && height == image.Height) return new RasterImage(width, height, image.Channels, [.. image.Pixels]);
        if (filter == ResizeFilter.Nearest) return Nearest(image, width, height);
        var rows = width == image.Width ? image : RowResampling.Resample(image, width, filter);
        return height == image.Height ? rows : ColumnResampling.Resample(rows, height, filter);
    }

    private static RasterImage Nearest(RasterImage image, int width, int height)
    {
        var (columns, rows) = (NearestPositions(image.Width, width), NearestPositions(image.Height, height));
        var (channels, result) = (image.Channels, new RasterImage(width, height, image.Channels));
        var (source, target) = (image.Pixels, result.Pixels);
        for (int y = 0, t = 0; y < height; y++)
        {
            var row = rows[y] * image.Width;
            foreach (var column in columns)
            {
                var s = (row + column) * channels;
                for (var c = 0; c < channels; c++) target[t++] = source[s + c];
            }
        }
        return result;
    }

    // The position is a running sum, as in Pillow: multiplying instead would round differently at pixel borders.
    private static int[] NearestPositions(int oldSize, int newSize)
    {
        var positions = new int[newSize];
        var step = (double)oldSize / newSize;
        var position = step * 0.5;
        for (var i = 0; i < newSize; i++, position += step) positions[i] = Math.Min((int)position, oldSize - 1);
        return positions;
    }
}
