namespace Falcon.Imaging;

/// <summary>Decodes PNG files of every colour type, depth and interlacing to RGB (PNG specification, third edition). Alpha and ancillary chunks are ignored.</summary>
internal static class PngDecoder
{
    // Start and step of Adam7's passes: column, row.
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private static readonly (int X, int Y, int StepX, int StepY)[] Plain = [(0, 0, 1, 1)];

    /// <exception cref="EndOfStreamException">The data end before the image does.</exception>
    /// <exception cref="InvalidDataException">The data are damaged.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> file, int width, int height)
    {
        ReadOnlySpan<byte> header = default, palette = default;
        using var compressed = new MemoryStream(file.Length);
        for (var at = 8; ;)
        {
            var chunk = PngChunk.Read(file[at..]);
            if (chunk.Is("IHDR"u8)) header = chunk.Data;
            else if (chunk.Is("PLTE"u8)) palette = chunk.Data;
            else if (chunk.Is("IDAT"u8)) compressed.Write(chunk.Data);
            else if (chunk.Is("IEND"u8)) break;
            else if (chunk.IsCritical) throw Damaged("unknown critical chunk");
            at += chunk.Data.Length + PngChunk.Frame;
        }
        compressed.Position = 0;
        using var data = new ZlibReader(compressed);
        var image = RasterImage.Uninitialised(width, height, 3);
        var layout = Layout(header[8], header[9], palette);
        foreach (var pass in header[12] == 1 ? Adam7 : Plain) ReadPass(data, image, layout, pass);
        data.Finish();
        return image;
    }

    private static SampleLayout Layout(int bits, int colourType, ReadOnlySpan<byte> palette) => (colourType, bits) switch
    {
        (0, 1 or 2 or 4 or 8 or 16) => SampleLayout.Gray(bits),
        (2, 8 or 16) => SampleLayout.Rgb(bits, 3),
        (3, 1 or 2 or 4 or 8) when palette.Length > 0 => SampleLayout.Indexed(bits, palette),
        (4, 8 or 16) => SampleLayout.Gray(bits, 2),
        (6, 8 or 16) => SampleLayout.Rgb(bits, 4),
        _ => throw Damaged($"colour type {colourType} with {bits} bits"),
    };

    private static void ReadPass(ZlibReader data, RasterImage image, SampleLayout layout, (int X, int Y, int StepX, int StepY) pass)
    {
        var columns = (image.Width - pass.X + pass.StepX - 1) / pass.StepX;
        if (columns <= 0) return;
        var length = checked((int)layout.RowBytes(columns));
        var (row, above) = (new byte[1 + length + PngFilter.Slack], new byte[1 + length + PngFilter.Slack]);
        var rgb = new byte[pass.StepX == 1 ? 0 : columns * 3];
        for (var y = pass.Y; y < image.Height; y += pass.StepY, (row, above) = (above, row))
        {
            data.Fill(row.AsSpan(0, 1 + length));
            PngFilter.Undo(row[0], row.AsSpan(1), above.AsSpan(1), Math.Max(1, layout.BitsPerPixel / 8));
            var target = image.Pixels.AsSpan(y * image.Width * 3, image.Width * 3);
            if (pass.StepX == 1)
            {
                layout.ToRgb(row.AsSpan(1, length), target);
                continue;
            }
            layout.ToRgb(row.AsSpan(1, length), rgb);
            for (var x = 0; x < columns; x++) rgb.AsSpan(3 * x, 3).CopyTo(target[((pass.X + x * pass.StepX) * 3)..]);
        }
    }

    private static InvalidDataException Damaged(string how) => new($"its PNG data are damaged ({how})");
}
