using Falcon.Imaging;
using Falcon.Server.Safety;

namespace Falcon.Server.Inspections;

/// <summary>What the bytes of a camera's frame are.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
/// <param name="Format">What a pixel's bytes are.</param>
/// <param name="Stride">Bytes from the start of one row to that of the next.</param>
internal sealed record FrameShape(int Width, int Height, PixelOrder Format, int Stride)
{
    /// <summary>A frame's shape as a request's query has it; null where it has none.</summary>
    /// <exception cref="ProblemException">It cannot be.</exception>
    public static FrameShape? Of(int? width, int? height, string? format, int? stride, long mostPixels)
    {
        if ((width, height, format, stride) is (null, null, null, null))
            return null;
        if (width is not > 0 || height is not > 0)
            throw ProblemException.Invalid("a frame has no size", "width, height", "Give both, at least 1: ?width=640&height=480&format=bgr.");
        var order = (format ?? "bgr").ToLowerInvariant() switch
        {
            "bgr" => PixelOrder.Bgr,
            "rgb" => PixelOrder.Rgb,
            "gray" => PixelOrder.Gray,
            var other => throw ProblemException.Invalid($"'{other}' is no order of pixels", "format", "Give bgr, rgb or gray, 8 bits a channel."),
        };
        InspectedImage.CheckSize(width.Value, height.Value, "frame", mostPixels);
        var row = (long)width * (order == PixelOrder.Gray ? 1 : 3);
        if (row > int.MaxValue || (stride is { } given && given < row))
            throw ProblemException.Invalid($"a row of {width} pixels has {row} bytes, more than the stride", "stride", "Give the bytes from the start of one row to that of the next.");
        return new(width.Value, height.Value, order, stride ?? (int)row);
    }

    /// <summary>Refuses bytes that are no such frame.</summary>
    public void Check(long bytes)
    {
        long row = Width * (Format == PixelOrder.Gray ? 1L : 3), least = (Height - 1L) * Stride + row, most = (long)Height * Stride;
        if (bytes < least || bytes > most)
            throw new InvalidInputException(
                $"{Height} rows of {Width} pixels, {Stride} bytes apart, are {least} bytes, and {bytes} came", "frame", "Send all rows from top to bottom, and tell width, height, format and stride.");
    }

    /// <summary>The pixels, RGB.</summary>
    public RasterImage ToRgb(ReadOnlySpan<byte> bytes) => FramePixels.ToRgb(bytes, Format, Width, Height, Stride);
}
