using Falcon.Detection;
using Falcon.Imaging;
using Falcon.Server.Safety;

namespace Falcon.Server.Inspections;

/// <summary>An image as it was sent: a file, or the rows of a camera's frame.</summary>
/// <param name="Bytes">The file, or the frame.</param>
/// <param name="Frame">What a frame is; null of a file.</param>
/// <param name="WhiteLevel">The value of a file's 16-bit samples that is shown as white; null shows their upper byte.</param>
internal sealed record InspectedImage(ReadOnlyMemory<byte> Bytes, FrameShape? Frame, int? WhiteLevel = null)
{
    /// <summary>The pixels of a file; the header decides whether they are looked at.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What it is called.</param>
    /// <param name="mostPixels">The most that are decoded.</param>
    /// <param name="whiteLevel">The value of 16-bit samples that is white; null keeps their upper byte.</param>
    /// <exception cref="InvalidInputException">It is damaged, or no image.</exception>
    /// <exception cref="ProblemException">It is too large.</exception>
    public static RasterImage Decode(ReadOnlySpan<byte> bytes, string name, long mostPixels, int? whiteLevel = null)
    {
        var shape = ImageFile.ReadShape(bytes, name);
        CheckSize(shape.Width, shape.Height, name, mostPixels);
        return ImageFile.DecodeRgb(bytes, name, whiteLevel);
    }

    /// <summary>Refuses what is too large.</summary>
    public static void CheckSize(long width, long height, string name, long mostPixels)
    {
        if (width * height > mostPixels)
            throw ProblemException.TooLarge(
                $"has {width}×{height} pixels, and {mostPixels} are allowed", name, "Send a smaller image, or start the server with a higher --max-pixels.");
    }

    /// <summary>What a detector says of it: the same bits as of a file with these pixels.</summary>
    public Prediction Predict(Detector detector, string name, long mostPixels)
    {
        if (Frame is { } frame)
            return detector.Predict(Bytes.Span, frame.Format, frame.Width, frame.Height, frame.Stride, name);
        var image = Decode(Bytes.Span, name, mostPixels, detector.Card.Method.WhiteLevel);
        return detector.Predict(image.Pixels, PixelOrder.Rgb, image.Width, image.Height, 3 * image.Width, name);
    }

    /// <summary>The pixels, RGB.</summary>
    public RasterImage Picture(string name, long mostPixels) => Frame is { } frame ? frame.ToRgb(Bytes.Span) : Decode(Bytes.Span, name, mostPixels, WhiteLevel);

    /// <summary>A file with these pixels: itself, or a PNG of a frame.</summary>
    public ReadOnlyMemory<byte> File() => Frame is { } frame ? ImageFile.EncodePng(frame.ToRgb(Bytes.Span)) : Bytes;
}
