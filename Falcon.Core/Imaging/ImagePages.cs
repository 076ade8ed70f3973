using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>How many pictures a file shows, one after another: pages of a TIFF file, frames of an animation. Previews and masks of a picture are none.</summary>
internal static class ImagePages
{
    private const int MostPages = 1 << 16;

    /// <summary>Refuses a file of several pictures: a defect on the second one would never be seen.</summary>
    /// <param name="file">A whole file, whose header has been read.</param>
    /// <exception cref="ImageRefusedException">It holds several.</exception>
    public static void RefuseSeveral(ReadOnlySpan<byte> file)
    {
        var (count, name) = file switch
        {
            [0x89, ..] => (FramesOfPng(file), "frames"),
            [(byte)'G', ..] => (GifFile.Frames(file), "frames"),
            [(byte)'R', ..] => (WebPHeader.Frames(file), "frames"),
            _ when ImageHeader.IsTiff(file) => (PagesOfTiff(file), "pages"),
            _ => (1, ""),
        };
        if (count > 1)
            throw new ImageRefusedException($"it holds {count} {name}, and only one picture of a file could be looked at", $"Save each of the {name} as a file of its own, or remove it.");
    }

    private static int FramesOfPng(ReadOnlySpan<byte> file) =>
        PngChunks.Find(file, "acTL"u8) is { Length: >= 4 } animation ? (int)Math.Min(MostPages, BinaryPrimitives.ReadUInt32BigEndian(animation)) : 1;

    private static int PagesOfTiff(ReadOnlySpan<byte> file)
    {
        const int ReducedOrMask = 5;
        var pages = 0;
        var seen = new HashSet<long>();
        try
        {
            for (var directory = new TiffDirectory(file); ; directory = new(file, directory.Next))
            {
                if (directory.Value(TiffTag.Width, 0) > 0 && (directory.Value(TiffTag.NewSubfileType, 0) & ReducedOrMask) == 0) pages++;
                if (directory.Next == 0 || seen.Count == MostPages || !seen.Add(directory.Next)) return pages;
            }
        }
        // The first picture is there; what is said to follow it is not.
        catch (EndOfStreamException)
        {
            return pages;
        }
    }
}
