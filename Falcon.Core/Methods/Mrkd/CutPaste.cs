using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>Pastes one piece of an image at another place of it: a patch or a scar, with even odds (Li et al., "CutPaste", CVPR 2021; specification, section 4).</summary>
internal static class CutPaste
{
    private const double Jitter = 0.1, LeastArea = 0.02, LargestArea = 0.15, Narrowest = 0.3, Widest = 3.3, LargestTurn = 45;

    /// <summary>A changed copy.</summary>
    public static RasterImage Draw(RasterImage image, RandomStream stream)
    {
        var result = new RasterImage(image.Width, image.Height, 3, [.. image.Pixels]);
        if (stream.NextBool())
            PastePatch(image, result, stream);
        else
            PasteScar(image, result, stream);
        return result;
    }

    private static void PastePatch(RasterImage image, RasterImage result, RandomStream stream)
    {
        var area = stream.NextDouble(LeastArea, LargestArea) * image.Width * image.Height;
        var aspect = stream.NextBool() ? stream.NextDouble(Narrowest, 1) : stream.NextDouble(1, Widest);
        var patch = Cut(image, (int)Math.Sqrt(area * aspect), (int)Math.Sqrt(area / aspect), stream);
        Paste(patch, result, 0, patch.Width, patch.Height, stream);
    }

    private static void PasteScar(RasterImage image, RasterImage result, RandomStream stream)
    {
        var (width, height) = (stream.NextInt(2, 16), stream.NextInt(10, 25));
        var scar = Cut(image, width, height, stream);
        var angle = stream.NextDouble(-LargestTurn, LargestTurn) * Math.PI / 180;
        var (cos, sin) = (Math.Cos(angle), Math.Abs(Math.Sin(angle)));
        var (turnedWidth, turnedHeight) = (width * cos + height * sin, width * sin + height * cos);
        Paste(scar, result, angle, Math.Min((int)Math.Ceiling(turnedWidth), image.Width), Math.Min((int)Math.Ceiling(turnedHeight), image.Height), stream);
    }

    private static RasterImage Cut(RasterImage image, int width, int height, RandomStream stream)
    {
        (width, height) = (Math.Clamp(width, 1, image.Width), Math.Clamp(height, 1, image.Height));
        var (left, top) = (stream.NextInt(0, image.Width - width), stream.NextInt(0, image.Height - height));
        return ColourJitter.Of(image.Crop(left, top, width, height), Jitter, stream);
    }

    /// <summary>Pastes a piece, turned about its middle, into a box at a uniform place; what the piece does not cover of the box stays.</summary>
    private static void Paste(RasterImage piece, RasterImage result, double angle, int width, int height, RandomStream stream)
    {
        var (left, top) = (stream.NextInt(0, result.Width - width), stream.NextInt(0, result.Height - height));
        var (cos, sin) = (Math.Cos(angle), Math.Sin(angle));
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (right, below) = (x + 0.5 - width / 2.0, y + 0.5 - height / 2.0);
                var fromX = (int)Math.Floor(right * cos - below * sin + piece.Width / 2.0);
                var fromY = (int)Math.Floor(right * sin + below * cos + piece.Height / 2.0);
                if (fromX >= 0 && fromX < piece.Width && fromY >= 0 && fromY < piece.Height)
                    piece.Pixels.AsSpan(3 * (fromY * piece.Width + fromX), 3).CopyTo(result.Pixels.AsSpan(3 * ((top + y) * result.Width + left + x)));
            }
    }
}
