namespace Falcon.Imaging;

/// <summary>The EXIF block that an image file may hold: a small TIFF structure, in some files with its name in front.</summary>
internal static class Exif
{
    /// <summary>The orientation that a block gives. A damaged block is no reason to refuse an image: it is upright then.</summary>
    public static Orientation OrientationIn(ReadOnlySpan<byte> block)
    {
        var name = "Exif\0\0"u8;
        try
        {
            return new TiffDirectory(block.StartsWith(name) ? block[name.Length..] : block).Orientation;
        }
        catch (Exception e) when (e is EndOfStreamException or InvalidDataException)
        {
            return Orientation.Upright;
        }
    }
}
