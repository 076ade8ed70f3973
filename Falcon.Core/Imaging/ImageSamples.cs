namespace Falcon.Imaging;

/// <summary>The samples of an image as they are stored, before they become 8 bits without alpha: of masks that say something by them, and of photos whose white is not the
/// highest number.</summary>
/// <param name="Width">Columns as stored.</param>
/// <param name="Height">Rows as stored.</param>
/// <param name="Rgba">Four numbers of each pixel, from 0 to 65535 of 16 bits and else to 255.</param>
/// <param name="Bits">8 or 16.</param>
/// <param name="HasAlpha">Whether the fourth says anything.</param>
internal sealed record ImageSamples(int Width, int Height, ushort[] Rgba, int Bits, bool HasAlpha)
{
    private const int PngDepth = 24;

    /// <summary>The highest of all colours.</summary>
    public int Highest
    {
        get
        {
            ushort highest = 0;
            for (var i = 0; i < Rgba.Length; i++)
                if (i % 4 != 3 && Rgba[i] > highest) highest = Rgba[i];
            return highest;
        }
    }

    /// <summary>Bits of a sample that a file holds: 16 of deep files, at most 8 of all that are read as such.</summary>
    /// <param name="data">A whole file.</param>
    /// <inheritdoc cref="TiffDirectory(ReadOnlySpan{byte})" path="/exception"/>
    public static int BitsOf(ReadOnlySpan<byte> data) => data switch
    {
        [0x89, ..] when data.Length > PngDepth => data[PngDepth] == 16 ? 16 : 8,
        _ when ImageHeader.IsTiff(data) => new TiffDirectory(data).Values(TiffTag.BitsPerSample).Any(bits => bits > 8) ? 16 : 8,
        _ => 8,
    };

    /// <summary>The colours in 8 bits, where a value is white; higher ones are, too.</summary>
    /// <param name="white">From 1 to 65535.</param>
    public RasterImage Scaled(int white)
    {
        var image = RasterImage.Uninitialised(Width, Height, 3);
        var levels = new byte[ushort.MaxValue + 1];
        for (var value = 0; value < levels.Length; value++) levels[value] = (byte)Math.Min(255, (255L * value + white / 2) / white);
        for (int from = 0, to = 0; from < Rgba.Length; from += 4, to += 3)
            (image.Pixels[to], image.Pixels[to + 1], image.Pixels[to + 2]) = (levels[Rgba[from]], levels[Rgba[from + 1]], levels[Rgba[from + 2]]);
        return image;
    }
}
