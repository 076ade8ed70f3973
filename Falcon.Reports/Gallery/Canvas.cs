using Falcon.Imaging;

namespace Falcon.Reports;

/// <summary>An RGB picture that others are pasted into.</summary>
internal sealed class Canvas
{
    /// <summary>A canvas of one gray level.</summary>
    public Canvas(int width, int height, byte gray)
    {
        Image = new RasterImage(width, height, 3);
        Image.Pixels.AsSpan().Fill(gray);
    }

    /// <summary>The picture itself.</summary>
    public RasterImage Image { get; }

    /// <summary>Pastes a picture, RGB or gray, with its upper left corner at a point; it must fit.</summary>
    public void Paste(RasterImage picture, int left, int top)
    {
        for (var y = 0; y < picture.Height; y++)
        {
            var target = Image.Pixels.AsSpan(3 * ((top + y) * Image.Width + left), 3 * picture.Width);
            var source = picture.Pixels.AsSpan(y * picture.Width * picture.Channels, picture.Width * picture.Channels);
            if (picture.Channels == 3)
                source.CopyTo(target);
            else
            {
                for (var x = 0; x < source.Length; x++)
                    target.Slice(3 * x, 3).Fill(source[x]);
            }
        }
    }

    /// <summary>Fills a rectangle with a colour.</summary>
    public void Fill(int left, int top, int width, int height, (byte R, byte G, byte B) colour)
    {
        for (var y = top; y < top + height; y++)
        {
            for (var x = left; x < left + width; x++)
                (Image.Pixels[3 * (y * Image.Width + x)], Image.Pixels[3 * (y * Image.Width + x) + 1], Image.Pixels[3 * (y * Image.Width + x) + 2]) = colour;
        }
    }
}
