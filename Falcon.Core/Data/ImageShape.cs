using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>The shape of an image file, by its header.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 when the file stores gray values, 3 when it stores colours.</param>
public sealed record ImageShape(int Width, int Height, int Channels)
{
    // Longer headers than this, with a preview in them, are rare.
    private const int UsualHeader = 1 << 16;

    /// <inheritdoc/>
    public override string ToString() => $"{Width}×{Height}{(Channels == 1 ? " gray" : "")}";

    /// <summary>Reads the beginning of a file; null when that is no image's.</summary>
    internal static ImageShape? Of(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return Parse(file, UsualHeader) ?? Parse(file, checked((int)file.Length));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static ImageShape? Parse(FileStream file, int length)
    {
        var start = new byte[Math.Min(length, file.Length)];
        file.Position = 0;
        file.ReadExactly(start);
        try
        {
            var header = ImageHeader.Parse(start);
            return new ImageShape(header.Width, header.Height, header.Channels);
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }
}
