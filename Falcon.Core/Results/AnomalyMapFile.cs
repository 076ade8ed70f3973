using Falcon.Imaging;

namespace Falcon.Results;

/// <summary>Anomaly maps as other programs write them, one per file: NumPy arrays (<c>.npy</c>, float16 to float64, (H, W) or (1, H, W)), TIFF pictures
/// (32-bit floating-point, 16-bit or 8-bit ones) and 8-bit PNG pictures. Higher is more anomalous.</summary>
internal static class AnomalyMapFile
{
    private const int PngBitDepth = 24;

    /// <summary>The extensions of such files, in lower case with the dot.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".npy", ".tif", ".tiff", ".png"];

    /// <summary>Reads a map.</summary>
    /// <exception cref="InvalidInputException">The file cannot be read, or is of a kind that would lose digits.</exception>
    public static (float[] Values, int Width, int Height) Read(string path)
    {
        FileKind.ThrowIfSpecial(path);
        try
        {
            var data = File.ReadAllBytes(path);
            switch (Path.GetExtension(path).ToLowerInvariant())
            {
                case ".npy":
                    var array = NpyArray.Parse(data);
                    return array.Shape is [.., var height, var width] && array.Shape.SkipLast(2).All(side => side == 1)
                        ? (array.Values, width, height)
                        : throw new InvalidDataException($"it is an array of shape ({string.Join(", ", array.Shape)}), not of (H, W)");
                case ".tif" or ".tiff" when TiffFile.ReadValues(data) is { } plain:
                    return plain;
                case ".png" when data.Length > PngBitDepth && data[PngBitDepth] == 16:
                    throw new InvalidDataException("it is a PNG file with 16 bits, of which 8 would be lost");
            }
            var rgb = ImageFile.DecodeRgb(data, path);
            // Of a heat map the brightest colour is not the highest value.
            for (var at = 0; at < rgb.Pixels.Length; at += 3)
                if (rgb.Pixels[at] != rgb.Pixels[at + 1] || rgb.Pixels[at] != rgb.Pixels[at + 2])
                    throw new InvalidDataException("it is a picture in colours, whose values cannot be known");
            var gray = rgb.ToGray();
            return (Array.ConvertAll(gray.Pixels, value => (float)value), gray.Width, gray.Height);
        }
        catch (Exception error) when (error is InvalidDataException or IOException or UnauthorizedAccessException or ImageRefusedException)
        {
            var reason = error is EndOfStreamException ? "it is truncated" : error.Message;
            throw new InvalidInputException(
                $"is no anomaly map that can be read: {reason}", path, "Save maps as .npy (float32, H × W) or as 32-bit TIFF in strips.");
        }
    }
}
