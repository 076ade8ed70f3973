namespace Falcon.Imaging;

/// <summary>Turns stored images upright.</summary>
internal static class Turning
{
    /// <summary>The upright image; the image itself where it is upright already.</summary>
    public static RasterImage Turned(this RasterImage stored, Orientation orientation)
    {
        if (orientation == Orientation.Upright) return stored;
        var (width, height, channels) = (stored.Width, stored.Height, stored.Channels);
        var (right, down) = (channels, width * channels); // steps to the neighbours in the stored image
        var corner = (int x, int y) => y * down + x * right;
        // Where the upright image starts in the stored one, and the steps to its next column and row.
        var (start, column, row) = orientation switch
        {
            Orientation.MirroredHorizontally => (corner(width - 1, 0), -right, down),
            Orientation.Rotated180 => (corner(width - 1, height - 1), -right, -down),
            Orientation.MirroredVertically => (corner(0, height - 1), right, -down),
            Orientation.Transposed => (0, down, right),
            Orientation.RotateClockwise => (corner(0, height - 1), -down, right),
            Orientation.Transversed => (corner(width - 1, height - 1), -down, -right),
            Orientation.RotateCounterClockwise => (corner(width - 1, 0), down, -right),
            _ => throw new ArgumentOutOfRangeException(nameof(orientation), orientation, "There are eight orientations."),
        };
        var (columns, rows) = orientation >= Orientation.Transposed ? (height, width) : (width, height);
        var upright = RasterImage.Uninitialised(columns, rows, channels);
        var (from, to) = (stored.Pixels, upright.Pixels);
        for (int y = 0, next = 0; y < rows; y++)
        {
            for (int x = 0, at = start + y * row; x < columns; x++, at += column)
            {
                for (var c = 0; c < channels; c++) to[next++] = from[at + c];
            }
        }
        return upright;
    }
}

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
