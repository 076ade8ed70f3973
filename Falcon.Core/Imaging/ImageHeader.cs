using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>The first bytes of an image file.</summary>
internal static class ImageHeader
{
    /// <summary>The largest image that is read, in pixels: a header that claims more is not believed.</summary>
    public const long MaximumPixels = 1L << 28;

    /// <summary>Whether the data are those of a TIFF file.</summary>
    public static bool IsTiff(ReadOnlySpan<byte> data) => data is [(byte)'I', (byte)'I', _, 0, ..] or [(byte)'M', (byte)'M', 0, _, ..];

    /// <summary>The shape of the upright image, and how the stored one has to be turned.</summary>
    /// <param name="data">A file, or its beginning.</param>
    /// <param name="isWhole">Whether that is all of it: then what is missing of it says nothing of how it is turned.</param>
    /// <exception cref="EndOfStreamException">The data end before the header does, or before what says how it is turned.</exception>
    /// <exception cref="InvalidDataException">The data are no image file of a known format, or one that claims an impossible size.</exception>
    /// <exception cref="ImageRefusedException">The image is too large.</exception>
    public static (ImageShape Shape, Orientation Orientation) Parse(ReadOnlySpan<byte> data, bool isWhole = true)
    {
        if (data.IsEmpty) throw new InvalidDataException("the file is empty");
        var (width, height, isGray, orientation) = data switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] => Png(data, isWhole),
            [0xFF, 0xD8, 0xFF, ..] => Jpeg(data, isWhole),
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', ..] => Gif(data),
            [(byte)'B', (byte)'M', ..] => Bmp(data),
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => WebPHeader.Parse(data),
            _ when IsTiff(data) => Tiff(data),
            _ when ImageSignature.IsPointer(data) => throw new ImageRefusedException("Git LFS has not fetched it, this is only what stands for it", "Fetch it: git lfs pull."),
            _ => throw new InvalidDataException(ImageSignature.KindOf(data) is { } kind ? $"it is {kind}, which is not read" : "it is not a PNG, JPEG, GIF, BMP, WebP or TIFF image"),
        };
        if (width < 1 || height < 1) throw new InvalidDataException($"its header gives the impossible size {width}×{height}");
        if (width > MaximumPixels / height)
            throw new ImageRefusedException(
                $"its header gives the size {width}×{height}, more than the {MaximumPixels / 1_000_000} megapixels that are read", "Reduce it, or cut it into several photos or tiles.");
        if (orientation >= Orientation.Transposed) (width, height) = (height, width);
        return (new ImageShape((int)width, (int)height, isGray ? 1 : 3), orientation);
    }

    private static (long, long, bool IsGray, Orientation) Png(ReadOnlySpan<byte> data, bool isWhole)
    {
        const int Signature = 8, ChunkFrame = 12;
        if (data.Length < Signature + ChunkFrame + 13) throw new EndOfStreamException();
        if (!data[(Signature + 4)..].StartsWith("IHDR"u8)) throw new InvalidDataException("it is a PNG file without a header");
        long width = BinaryPrimitives.ReadUInt32BigEndian(data[16..]), height = BinaryPrimitives.ReadUInt32BigEndian(data[20..]);
        Orientation orientation;
        try
        {
            orientation = StoredOrientation.OfPng(data);
        }
        catch (EndOfStreamException) when (isWhole)
        {
            orientation = Orientation.Upright;
        }
        return (width, height, data[25] is 0 or 4, orientation);
    }

    private static (long, long, bool IsGray, Orientation) Jpeg(ReadOnlySpan<byte> data, bool isWhole)
    {
        ReadOnlySpan<byte> exif = [], xmp = [];
        (long Width, long Height, bool IsGray)? frame = null;
        for (var at = 2; ;)
        {
            if (at + 4 > data.Length)
                return isWhole && frame is { } cut ? (cut.Width, cut.Height, cut.IsGray, StoredOrientation.Of(exif, xmp)) : throw new EndOfStreamException();
            if (data[at] != 0xFF) throw new InvalidDataException("it is a JPEG file with a damaged header");
            int marker = data[at + 1];
            if (marker is 0xFF or 0x01 or (>= 0xD0 and <= 0xD8))
            {
                at += marker == 0xFF ? 1 : 2;
                continue;
            }
            if (marker is 0xD9 or 0xDA)
                return frame is { } found
                    ? (found.Width, found.Height, found.IsGray, StoredOrientation.Of(exif, xmp)) : throw new InvalidDataException("it is a JPEG file without a frame header");
            int length = BinaryPrimitives.ReadUInt16BigEndian(data[(at + 2)..]);
            if (length < 2) throw new InvalidDataException("it is a JPEG file with a damaged header");
            if (at + 2 + length > data.Length) throw new EndOfStreamException();
            var segment = data.Slice(at + 4, length - 2);
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                if (segment.Length < 6) throw new InvalidDataException("it is a JPEG file with a damaged header");
                long height = BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(segment[3..]);
                frame ??= (width, height, segment[5] == 1);
            }
            if (marker == 0xE1 && exif.IsEmpty && segment.StartsWith("Exif\0\0"u8)) exif = segment;
            else if (marker == 0xE1 && xmp.IsEmpty && segment.StartsWith("http://ns.adobe.com/xap/1.0/\0"u8)) xmp = segment;
            at += 2 + length;
        }
    }

    private static (long, long, bool IsGray, Orientation) Gif(ReadOnlySpan<byte> data)
    {
        var (width, height) = GifFile.SizeOf(data);
        return (width, height, false, Orientation.Upright);
    }

    private static (long, long, bool IsGray, Orientation) Bmp(ReadOnlySpan<byte> data)
    {
        if (data.Length < 26) throw new EndOfStreamException();
        var core = BinaryPrimitives.ReadUInt32LittleEndian(data[14..]) == 12;
        long width = core ? BinaryPrimitives.ReadUInt16LittleEndian(data[18..]) : BinaryPrimitives.ReadInt32LittleEndian(data[18..]);
        long height = core ? BinaryPrimitives.ReadUInt16LittleEndian(data[20..]) : BinaryPrimitives.ReadInt32LittleEndian(data[22..]);
        return (width, Math.Abs(height), false, Orientation.Upright);
    }

    private static (long, long, bool IsGray, Orientation) Tiff(ReadOnlySpan<byte> data)
    {
        var directory = new TiffDirectory(data);
        var isGray = directory.Value(TiffTag.Photometric, -1) is 0 or 1;
        return (directory.Value(TiffTag.Width, 0), directory.Value(TiffTag.Height, 0), isGray, StoredOrientation.OfTiff(directory));
    }
}
