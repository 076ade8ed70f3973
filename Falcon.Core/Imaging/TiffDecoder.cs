namespace Falcon.Imaging;

/// <summary>
/// Decodes the first image of a TIFF file to RGB (TIFF 6.0): gray, palette, RGB and CMYK; 1 to 16 bits; strips and tiles; uncompressed, LZW, deflate and
/// PackBits, with horizontal prediction. Alpha is ignored.
/// </summary>
internal static class TiffDecoder
{
    private const int HorizontalPrediction = 2, Interleaved = 1;

    /// <exception cref="EndOfStreamException">The data end before the image does.</exception>
    /// <exception cref="InvalidDataException">The data are damaged or stored in an unsupported way.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> file, int width, int height)
    {
        var directory = new TiffDirectory(file);
        var layout = Layout(directory);
        var compression = (TiffCompression)directory.Value(TiffTag.Compression, 1);
        var predictor = directory.Value(TiffTag.Predictor, 1);
        if (predictor is not (1 or HorizontalPrediction)) throw Unsupported($"predictor {predictor}");

        var isTiled = directory.Values(TiffTag.TileOffsets).Length > 0;
        var offsets = directory.Values(isTiled ? TiffTag.TileOffsets : TiffTag.StripOffsets);
        var sizes = directory.Values(isTiled ? TiffTag.TileByteCounts : TiffTag.StripByteCounts);
        var blockWidth = isTiled ? directory.Value(TiffTag.TileWidth, 0) : width;
        var blockHeight = isTiled ? directory.Value(TiffTag.TileLength, 0) : Math.Min(directory.Value(TiffTag.RowsPerStrip, height), height);
        if (blockWidth < 1 || blockHeight < 1 || layout.RowBytes(blockWidth) * blockHeight > Array.MaxLength) throw new InvalidDataException("it is a TIFF file with impossible tiles");
        var (columns, rows) = ((width + blockWidth - 1) / blockWidth, (height + blockHeight - 1) / blockHeight);
        if (offsets.Length < columns * rows || sizes.Length < columns * rows) throw new EndOfStreamException();

        var image = RasterImage.Uninitialised(width, height, 3);
        var rowBytes = (int)layout.RowBytes(blockWidth);
        for (var block = 0; block < columns * rows; block++)
        {
            if (offsets[block] + sizes[block] > file.Length) throw new EndOfStreamException();
            var (left, top) = ((int)(block % columns * blockWidth), (int)(block / columns * blockHeight));
            var (visibleColumns, visibleRows) = ((int)Math.Min(blockWidth, width - left), (int)Math.Min(blockHeight, height - top));
            var samples = compression.Expand(file.Slice((int)offsets[block], (int)sizes[block]), rowBytes * visibleRows);
            for (var y = 0; y < visibleRows; y++)
            {
                var row = samples.AsSpan(y * rowBytes, rowBytes);
                if (predictor == HorizontalPrediction) layout.UndoHorizontalPrediction(row);
                layout.ToRgb(row, image.Pixels.AsSpan(((top + y) * width + left) * 3, visibleColumns * 3));
            }
        }
        return image;
    }

    private static SampleLayout Layout(TiffDirectory directory)
    {
        var allBits = directory.Values(TiffTag.BitsPerSample);
        var bits = allBits.Length == 0 ? 1 : (int)allBits[0];
        var samples = (int)directory.Value(TiffTag.SamplesPerPixel, 1);
        var photometric = (int)directory.Value(TiffTag.Photometric, 1);
        if (allBits.Any(other => other != bits)) throw Unsupported("samples of different depths");
        if (directory.Value(TiffTag.SampleFormat, 1) != 1) throw Unsupported("signed or floating samples");
        if (directory.Value(TiffTag.FillOrder, 1) != 1) throw Unsupported("reversed bit order");
        if (samples > 1 && directory.Value(TiffTag.PlanarConfiguration, Interleaved) != Interleaved) throw Unsupported("separate colour planes");
        var littleEndian = directory.IsLittleEndian;
        return (photometric, bits, samples) switch
        {
            (0 or 1, 1 or 2 or 4, 1) or (0 or 1, 8 or 16, >= 1 and <= 8) => SampleLayout.Gray(bits, samples, littleEndian, whiteIsZero: photometric == 0),
            (2, 8 or 16, >= 3 and <= 8) => SampleLayout.Rgb(bits, samples, littleEndian),
            (3, 1 or 2 or 4 or 8, 1) => SampleLayout.Indexed(bits, Palette(directory.Values(TiffTag.ColourMap))),
            (5, 8 or 16, >= 4 and <= 8) => SampleLayout.Cmyk(bits, samples, littleEndian),
            _ => throw Unsupported($"photometric interpretation {photometric} with {samples} samples of {bits} bits"),
        };
    }

    // All reds, then all greens, then all blues, 16 bits each.
    private static byte[] Palette(long[] colourMap)
    {
        var colours = colourMap.Length / 3;
        var palette = new byte[3 * colours];
        for (var i = 0; i < palette.Length; i++) palette[i] = (byte)(colourMap[i % 3 * colours + i / 3] >> 8);
        return palette;
    }

    private static InvalidDataException Unsupported(string what) => new($"it is a TIFF file of an unsupported kind ({what})");
}
