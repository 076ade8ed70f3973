using System.Numerics;

namespace Falcon.Imaging;

/// <summary>
/// Gray-scale morphology (for masks: 0 and any one other value). Pixels outside the image never influence a result: dilation sees the
/// smallest value there, erosion the largest.
/// </summary>
public static class Morphology
{
    /// <summary>The largest value under the element around each pixel.</summary>
    /// <param name="image">One channel.</param>
    /// <param name="element">The neighbours to look at.</param>
    public static RasterImage Dilate(this RasterImage image, StructuringElement element)
    {
        if (image.Channels != 1) throw new ArgumentException("Morphology works on images of one channel.", nameof(image));
        var (width, height, radius) = (image.Width, image.Height, element.Radius);
        var result = new RasterImage(width, height, 1);
        var framed = new byte[width + 2 * radius];
        for (var y = 0; y < height; y++)
        {
            image.Pixels.AsSpan(y * width, width).CopyTo(framed.AsSpan(radius));
            for (var dy = Math.Max(-radius, -y); dy <= Math.Min(radius, height - 1 - y); dy++)
            {
                var target = result.Pixels.AsSpan((y + dy) * width, width);
                for (var dx = -element.Reach(dy); dx <= element.Reach(dy); dx++) KeepLarger(target, framed.AsSpan(radius + dx, width));
            }
        }
        return result;
    }

    /// <summary>The smallest value under the element around each pixel.</summary>
    /// <inheritdoc cref="Dilate" path="/param"/>
    public static RasterImage Erode(this RasterImage image, StructuringElement element) => Complement(Complement(image).Dilate(element));

    /// <summary>Dilation, then erosion: closes dark gaps and holes narrower than the element.</summary>
    /// <inheritdoc cref="Dilate" path="/param"/>
    public static RasterImage Close(this RasterImage image, StructuringElement element) => image.Dilate(element).Erode(element);

    /// <summary>Erosion, then dilation: removes bright spots and spurs narrower than the element.</summary>
    /// <inheritdoc cref="Dilate" path="/param"/>
    public static RasterImage Open(this RasterImage image, StructuringElement element) => image.Erode(element).Dilate(element);

    private static RasterImage Complement(RasterImage image) =>
        new(image.Width, image.Height, image.Channels, Array.ConvertAll(image.Pixels, value => (byte)~value));

    private static void KeepLarger(Span<byte> target, ReadOnlySpan<byte> source)
    {
        var x = 0;
        for (; x <= target.Length - Vector<byte>.Count; x += Vector<byte>.Count)
            Vector.Max(new Vector<byte>(target[x..]), new Vector<byte>(source[x..])).CopyTo(target[x..]);
        for (; x < target.Length; x++) target[x] = Math.Max(target[x], source[x]);
    }
}
