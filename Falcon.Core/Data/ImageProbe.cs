using System.Security.Cryptography;
using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>What can be known of an image file without decoding it.</summary>
/// <param name="Width">Its width; 0 when unreadable.</param>
/// <param name="Height">Its height; 0 when unreadable.</param>
/// <param name="Digest">SHA-256 of the file's content; null when it cannot even be opened.</param>
/// <param name="Damage">Why it is unreadable, or null.</param>
internal sealed record ImageProbe(int Width, int Height, string? Digest, Finding? Damage)
{
    /// <param name="path">The file.</param>
    /// <param name="digest">Its digest where that is known already.</param>
    public static ImageProbe Of(string path, string? digest = null)
    {
        try
        {
            var content = Read(path);
            digest ??= Convert.ToHexStringLower(SHA256.HashData(content));
            var (width, height) = Measure(content, path);
            return new ImageProbe(width, height, digest, null);
        }
        catch (InvalidInputException error)
        {
            return new ImageProbe(0, 0, digest, error.Findings[0]);
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ImageFileException(path, $"the image file cannot be opened ({error.Message})", "Make the file readable for this user.");
        }
    }

    /// <summary>The size by the header if the file ends with its format's end marker; otherwise decoding must decide.</summary>
    private static (int Width, int Height) Measure(byte[] content, string path)
    {
        try
        {
            var header = ImageHeader.Parse(content);
            if (EndMarker.IsExpected(content) && !EndMarker.IsMissing(content))
                return (header.Width, header.Height);
        }
        catch (Exception error) when (error is InvalidDataException or EndOfStreamException)
        {
            // Decoding fails too, with the message that a user should see.
        }
        var image = ImageFile.DecodeRgb(content, path);
        return (image.Width, image.Height);
    }
}
