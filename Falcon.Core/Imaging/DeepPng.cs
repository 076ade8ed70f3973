using System.Runtime.InteropServices;
using SixLabors.ImageSharp;
using SixLabors.ImageSharp.Formats.Png;
using SixLabors.ImageSharp.Memory;
using SixLabors.ImageSharp.PixelFormats;

namespace Falcon.Imaging;

/// <summary>Decodes all bits of PNG files of 16 bits by ImageSharp, since Skia keeps 8 of them.</summary>
internal static class DeepPng
{
    private const int ColourType = 25, AlphaBit = 4;

    private static readonly Configuration PngAlone = new(new PngConfigurationModule()) { MemoryAllocator = new SimpleGcMemoryAllocator() };

    /// <summary>The samples as stored, not turned.</summary>
    /// <param name="file">A whole file, whose check sums are right.</param>
    /// <param name="width">Its columns.</param>
    /// <param name="height">Its rows.</param>
    /// <exception cref="InvalidDataException">Its content is damaged.</exception>
    public static ImageSamples ReadSamples(ReadOnlySpan<byte> file, int width, int height)
    {
        try
        {
            using var stream = new MemoryStream(file.ToArray());
            using var decoded = new PngDecoder { IgnoreMetadata = true }.Decode<Rgba64>(PngAlone, stream, default);
            if ((decoded.Width, decoded.Height) != (width, height)) throw new InvalidDataException("its size is not the one its header gives");
            var samples = GC.AllocateUninitializedArray<ushort>(checked(4 * width * height));
            decoded.CopyPixelDataTo(MemoryMarshal.AsBytes(samples.AsSpan()));
            var hasAlpha = (file[ColourType] & AlphaBit) != 0 || !PngChunks.Find(file, "tRNS"u8).IsEmpty;
            return new(width, height, samples, 16, hasAlpha);
        }
        // On damaged pixels the decoder fails in many ways, a wrong index among them.
        catch (Exception error) when (error is not (OutOfMemoryException or InvalidDataException or EndOfStreamException))
        {
            throw new InvalidDataException($"its compressed pixels are damaged ({error.Message.Split('\n')[0].TrimEnd('.', '\r')})");
        }
    }
}
