using SkiaSharp;

namespace Falcon.Imaging;

/// <summary>Draws outlines on a photo, in a colour that heat maps do not have, with a dark edge: they are seen on any ground.</summary>
public static class OutlineDrawing
{
    private const float LinesAcross = 300;

    private static readonly SKColor Line = new(0, 255, 255), Edge = new(0, 0, 0);

    /// <summary>A copy in colours with the polygons on it; the line grows with the image, from one pixel up.</summary>
    /// <param name="image">RGB or gray.</param>
    /// <param name="polygons">Closed polygons between the corners of pixels.</param>
    public static RasterImage On(RasterImage image, IEnumerable<IReadOnlyList<PixelPoint>> polygons)
    {
        SKPoint[][] lines = [.. polygons.Select(polygon => polygon.Append(polygon[0]).Select(corner => new SKPoint(corner.X, corner.Y)).ToArray())];
        if (lines.Length == 0)
            return image.ToRgb();
        var width = Math.Max(1, Math.Max(image.Width, image.Height) / LinesAcross);
        return SkiaImage.Draw(image, canvas =>
        {
            Stroke(canvas, Edge, 2 * width);
            Stroke(canvas, Line, width);
        });

        void Stroke(SKCanvas canvas, SKColor colour, float thickness)
        {
            using var paint = new SKPaint { Color = colour, StrokeWidth = thickness, StrokeCap = SKStrokeCap.Round, Style = SKPaintStyle.Stroke, IsAntialias = true };
            foreach (var line in lines)
                canvas.DrawPoints(SKPointMode.Polygon, line, paint);
        }
    }
}
