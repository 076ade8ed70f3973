using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Tiff;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.Metadata;
using SixLabors.ImageSharp.PixelFormats;

namespace Falcon.Imaging;

/// <summary>
/// Decodes the first picture of TIFF files by ImageSharp. The decoder gets a directory of Falcon's making, which holds what <see cref="TiffPicture"/> has
/// checked and nothing else: no previews, metadata or further pages, defaults spelt out, inks and any kind of alpha declared as four plain samples.
/// </summary>
internal static class TiffFile
{
    private const int UnassociatedAlpha = 2;

    // Arrays start as zeros, so that no pixel is ever what happened to be in memory.
    private static readonly Configuration TiffAlone = new(new TiffConfigurationModule()) { MemoryAllocator = new SimpleGcMemoryAllocator() };

    /// <summary>The colours as stored, not turned; 16-bit samples keep their upper byte.</summary>
    /// <exception cref="EndOfStreamException">The file is truncated.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or of a kind that is not read; the message says which.</exception>
    public static RasterImage ReadRgb(ReadOnlySpan<byte> file)
    {
        var picture = new TiffPicture(file);
        if (picture.IsFloat) throw WithoutBrightness();
        using var decoded = Decode<Rgba64>(file, picture, Declared(picture));
        var image = RasterImage.Uninitialised(picture.Width, picture.Height, 3);
        decoded.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var target = image.Pixels.AsSpan(3 * y * rows.Width, 3 * rows.Width);
                if (picture.Colours == TiffColours.Cmyk) KeepLight(rows.GetRowSpan(y), target);
                else KeepUpperBytes(rows.GetRowSpan(y), target);
            }
        });
        // The decoder takes white for white whatever the file says.
        if (picture is { IsFax: true, Colours: TiffColours.BlackIsZero })
            foreach (ref var value in image.Pixels.AsSpan()) value = (byte)~value;
        return image;
    }

    /// <summary>The samples as stored, not turned; 8 bits of them where there are fewer.</summary>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    public static ImageSamples ReadSamples(ReadOnlySpan<byte> file)
    {
        var picture = new TiffPicture(file);
        if (picture.IsFloat) throw WithoutBrightness();
        var samples = new ushort[checked(4 * picture.Width * picture.Height)];
        var isDeep = picture.Bits > 8 && picture.Colours != TiffColours.Cmyk;
        if (isDeep && picture.Samples == 1)
        {
            var values = ReadValues(file)!.Value.Values;
            var isWhiteZero = picture.Colours == TiffColours.WhiteIsZero;
            for (var i = 0; i < values.Length; i++)
            {
                var value = (ushort)(isWhiteZero ? ushort.MaxValue - values[i] : values[i]);
                samples.AsSpan(4 * i, 3).Fill(value);
                samples[4 * i + 3] = ushort.MaxValue;
            }
            return new(picture.Width, picture.Height, samples, 16, HasAlpha: false);
        }
        if (!isDeep && picture is not { Colours: TiffColours.Rgb, Samples: 4 })
        {
            var rgb = ReadRgb(file).Pixels;
            for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
                (samples[to], samples[to + 1], samples[to + 2], samples[to + 3]) = (rgb[from], rgb[from + 1], rgb[from + 2], 255);
            return new(picture.Width, picture.Height, samples, 8, HasAlpha: false);
        }
        var bits = isDeep ? 0 : 8;
        using var decoded = Decode<Rgba64>(file, picture, Declared(picture));
        decoded.ProcessPixelRows(rows =>
        {
            for (var y = 0; y < rows.Height; y++)
            {
                var row = MemoryMarshal.Cast<Rgba64, ushort>(rows.GetRowSpan(y));
                for (var i = 0; i < row.Length; i++) samples[y * row.Length + i] = (ushort)(row[i] >> bits);
            }
        });
        return new(picture.Width, picture.Height, samples, isDeep ? 16 : 8, picture.Samples == 4);
    }

    /// <summary>The stored numbers themselves, (H, W) row by row; null when they have 8 bits or fewer, which <see cref="ReadRgb"/> keeps.</summary>
    /// <inheritdoc cref="ReadRgb" path="/exception"/>
    public static (float[] Values, int Width, int Height)? ReadValues(ReadOnlySpan<byte> file)
    {
        var picture = new TiffPicture(file);
        if (picture.Bits <= 8) return null;
        if (picture.Samples != 1) throw new InvalidDataException($"it is a TIFF file of colours with {picture.Bits} bits, of which 8 would be lost");
        using var decoded = Decode<StoredNumber>(file, picture, TiffColours.BlackIsZero);
        var values = new float[picture.Width * picture.Height];
        decoded.CopyPixelDataTo(MemoryMarshal.AsBytes(values.AsSpan()));
        return (values, picture.Width, picture.Height);
    }

    private static InvalidDataException WithoutBrightness() => new("it is a TIFF file of floating-point numbers, which have no brightness");

    private static TiffColours Declared(TiffPicture picture) => picture switch
    {
        { Colours: TiffColours.Cmyk } => TiffColours.Rgb,
        { IsFax: true } => TiffColours.WhiteIsZero,
        _ => picture.Colours,
    };

    private static Image<TPixel> Decode<TPixel>(ReadOnlySpan<byte> file, TiffPicture picture, TiffColours colours) where TPixel : unmanaged, IPixel<TPixel>
    {
        try
        {
            using var stream = new MemoryStream(WithDirectory(file, picture, colours));
            return new TiffDecoder { IgnoreMetadata = true, DecodingMode = FrameDecodingMode.First }.Decode<TPixel>(TiffAlone, stream, default);
        }
        // On damaged pixels the decoder fails in many ways, a wrong index among them.
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            var kind = picture.Compression == TiffCompression.None ? "" : "compressed ";
            var problem = error is NotSupportedException ? "it is a TIFF file of an unsupported kind" : $"its {kind}pixels are damaged";
            throw new InvalidDataException($"{problem} ({error.Message.Split('\n')[0].TrimEnd('.', '\r')})");
        }
    }

    private static byte[] WithDirectory(ReadOnlySpan<byte> file, TiffPicture picture, TiffColours colours)
    {
        var directory = new TiffDirectoryWriter(picture.IsLittleEndian);
        directory.Add(TiffTag.Width, picture.Width);
        directory.Add(TiffTag.Height, picture.Height);
        directory.Add(TiffTag.BitsPerSample, ForEachSample(picture.Bits));
        directory.Add(TiffTag.Compression, (long)picture.Compression);
        directory.Add(TiffTag.Photometric, (long)colours);
        directory.Add(TiffTag.FillOrder, picture.FillOrder);
        directory.Add(TiffTag.StripOffsets, picture.StripOffsets);
        directory.Add(TiffTag.SamplesPerPixel, picture.Samples);
        directory.Add(TiffTag.RowsPerStrip, picture.RowsPerStrip);
        directory.Add(TiffTag.StripByteCounts, picture.StripLengths);
        directory.Add(TiffTag.PlanarConfiguration, picture.IsPlanar ? 2 : 1);
        if (picture.IsFax) directory.Add(TiffTag.FaxOptions, picture.FaxOptions);
        if (picture.HasDifferences) directory.Add(TiffTag.Predictor, 2);
        if (colours == TiffColours.Palette) directory.Add(TiffTag.ColourMap, picture.ColourMap);
        if (picture.Samples == 4) directory.Add(TiffTag.ExtraSamples, UnassociatedAlpha);
        directory.Add(TiffTag.SampleFormat, ForEachSample(picture.IsFloat ? 3 : 1));
        return directory.AppendTo(file);

        long[] ForEachSample(long value) => [.. Enumerable.Repeat(value, picture.Samples)];
    }

    private static void KeepUpperBytes(ReadOnlySpan<Rgba64> row, Span<byte> rgb)
    {
        for (var x = 0; x < row.Length; x++)
            (rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]) = ((byte)(row[x].R >> 8), (byte)(row[x].G >> 8), (byte)(row[x].B >> 8));
    }

    // In whole numbers as Pillow does it.
    private static void KeepLight(ReadOnlySpan<Rgba64> row, Span<byte> rgb)
    {
        for (var x = 0; x < row.Length; x++)
        {
            var white = 255 - (row[x].A >> 8);
            byte Light(int ink)
            {
                var absorbed = (ink >> 8) * white + 128;
                return (byte)(white - (((absorbed >> 8) + absorbed) >> 8));
            }
            (rgb[3 * x], rgb[3 * x + 1], rgb[3 * x + 2]) = (Light(row[x].R), Light(row[x].G), Light(row[x].B));
        }
    }
}
