namespace Falcon.Imaging;

/// <summary>Takes over frames that are in memory, as cameras give them.</summary>
public static class FramePixels
{
    /// <summary>A copy as RGB: what <see cref="ImageFile.ReadRgb"/> gives of a file with the same pixels.</summary>
    /// <param name="pixels">Rows from top to bottom; the last one may end with its last pixel.</param>
    /// <param name="order">What a pixel's bytes are.</param>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="stride">Bytes from the start of one row to that of the next.</param>
    /// <exception cref="ArgumentException">A size is not positive, a row does not fit into the stride, or there are too few bytes.</exception>
    public static RasterImage ToRgb(ReadOnlySpan<byte> pixels, PixelOrder order, int width, int height, int stride)
    {
        if (!Enum.IsDefined(order))
            throw new ArgumentOutOfRangeException(nameof(order), order, "There is no such order of pixels.");
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        var row = (long)width * (order == PixelOrder.Gray ? 1 : 3);
        if (stride < row)
            throw new ArgumentOutOfRangeException(nameof(stride), stride, $"A row of {width} pixels has {row} bytes; rows from the bottom to the top are not read.");
        if (3L * width * height > Array.MaxLength)
            throw new ArgumentException($"A frame of {width}×{height} pixels is too large.", nameof(width));
        var size = (height - 1L) * stride + row;
        if (pixels.Length < size)
            throw new ArgumentException($"{height} rows of {width} pixels, {stride} bytes apart, need {size} bytes, not {pixels.Length}.", nameof(pixels));
        var image = RasterImage.Uninitialised(width, height, 3);
        for (var y = 0; y < height; y++)
            CopyRow(pixels.Slice(y * stride, (int)row), order, image.Pixels.AsSpan(3 * y * width, 3 * width));
        return image;
    }

    private static void CopyRow(ReadOnlySpan<byte> row, PixelOrder order, Span<byte> rgb)
    {
        if (order == PixelOrder.Rgb)
            row.CopyTo(rgb);
        else if (order == PixelOrder.Bgr)
            for (var i = 0; i < rgb.Length; i += 3)
                (rgb[i], rgb[i + 1], rgb[i + 2]) = (row[i + 2], row[i + 1], row[i]);
        else
            for (var i = 0; i < row.Length; i++)
                rgb.Slice(3 * i, 3).Fill(row[i]);
    }
}
