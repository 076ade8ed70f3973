using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>Reads the values of a TIFF file that an image reader would round: uncompressed, one sample per pixel, in strips, as 16-bit whole numbers or as
/// 32-bit floating-point numbers.</summary>
internal static class PlainTiff
{
    private const int Uncompressed = 1, WholeNumbers = 1, FloatingPoint = 3;

    /// <summary>The values of the first picture of a file, (H, W) row by row; null when it has 8 bits a sample, which <see cref="ImageFile"/> reads.</summary>
    /// <param name="data">The whole file.</param>
    /// <exception cref="InvalidDataException">The file is damaged or of another kind; the message says which.</exception>
    public static (float[] Values, int Width, int Height)? Read(ReadOnlySpan<byte> data)
    {
        try
        {
            var directory = new TiffDirectory(data);
            var bits = directory.Value(TiffTag.BitsPerSample) ?? 1;
            var format = directory.Value(TiffTag.SampleFormat) ?? WholeNumbers;
            if (bits == 8)
                return null;
            if ((bits, format) is not ((32, FloatingPoint) or (16, WholeNumbers)) || (directory.Value(TiffTag.SamplesPerPixel) ?? 1) != 1)
                throw new InvalidDataException($"it is a TIFF file with {bits}-bit samples of format {format}");
            if ((directory.Value(TiffTag.Compression) ?? Uncompressed) != Uncompressed)
                throw new InvalidDataException("it is a compressed TIFF file");
            var (width, height) = (directory.Value(TiffTag.Width) ?? 0, directory.Value(TiffTag.Height) ?? 0);
            var (offsets, lengths) = (directory.Values(TiffTag.StripOffsets), directory.Values(TiffTag.StripByteCounts));
            if (width < 1 || height < 1 || offsets.Length != lengths.Length || lengths.Sum() != width * height * bits / 8 || lengths.Sum() > data.Length)
                throw new InvalidDataException("it is a TIFF file whose strips do not add up to its size");
            var values = new float[width * height];
            var next = 0;
            for (var i = 0; i < offsets.Length; i++)
            {
                var strip = data.Slice((int)offsets[i], (int)lengths[i]);
                for (var at = 0; at + bits / 8 <= strip.Length; at += (int)bits / 8)
                    values[next++] = bits == 32 ? Single(strip[at..], directory.IsLittleEndian) : Short(strip[at..], directory.IsLittleEndian);
            }
            return (values, (int)width, (int)height);
        }
        catch (Exception error) when (error is EndOfStreamException or ArgumentOutOfRangeException)
        {
            throw new InvalidDataException("it is a truncated TIFF file");
        }
    }

    private static float Single(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : BinaryPrimitives.ReadSingleBigEndian(bytes);

    private static float Short(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
