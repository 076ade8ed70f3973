namespace Falcon.Imaging;

/// <summary>How a stored image has to be turned to be upright; the numbers are those of the EXIF and TIFF tag 274.</summary>
internal enum Orientation
{
    Upright = 1,
    MirroredHorizontally = 2,
    Rotated180 = 3,
    MirroredVertically = 4,
    Transposed = 5,
    RotateClockwise = 6,
    Transversed = 7,
    RotateCounterClockwise = 8,
}

internal static class Orientations
{
    /// <summary>True when turning the image upright exchanges its width and height.</summary>
    public static bool SwapsSides(this Orientation orientation) => orientation >= Orientation.Transposed;

    /// <summary>The image turned upright: a new image, or the same one when nothing has to be done.</summary>
    public static RasterImage Upright(this RasterImage image, Orientation orientation)
    {
        if (orientation == Orientation.Upright) return image;
        var (width, height, channels) = (image.Width, image.Height, image.Channels);
        var upright = orientation.SwapsSides() ? new RasterImage(height, width, channels) : new RasterImage(width, height, channels);
        // The stored offset of the upright image's first pixel, and the steps to the next one in its row and in its column.
        var (right, down) = (channels, width * channels);
        var (lastColumn, lastRow) = ((width - 1) * right, (height - 1) * down);
        var (first, alongRow, alongColumn) = orientation switch
        {
            Orientation.MirroredHorizontally => (lastColumn, -right, down),
            Orientation.Rotated180 => (lastColumn + lastRow, -right, -down),
            Orientation.MirroredVertically => (lastRow, right, -down),
            Orientation.Transposed => (0, down, right),
            Orientation.RotateClockwise => (lastRow, -down, right),
            Orientation.Transversed => (lastColumn + lastRow, -down, -right),
            _ => (lastColumn, down, -right),
        };
        var (stored, target) = (image.Pixels, upright.Pixels);
        for (int y = 0, t = 0; y < upright.Height; y++)
        {
            for (int x = 0, s = first + y * alongColumn; x < upright.Width; x++, s += alongRow)
            {
                for (var c = 0; c < channels; c++) target[t++] = stored[s + c];
            }
        }
        return upright;
    }
}
