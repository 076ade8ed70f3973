using Falcon.Data;
using Falcon.Imaging;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Where noise is added to an image (specification, section 4): sides grow with those of the image, up to an eighth.</summary>
/// <param name="Top">First row.</param>
/// <param name="Left">First column.</param>
/// <param name="Height">Rows.</param>
/// <param name="Width">Columns.</param>
internal readonly record struct NoiseRectangle(int Top, int Left, int Height, int Width)
{
    private const int Shortest = 10;
    private const double Strength = 0.2;

    /// <summary>The longest side along an image's side of so many pixels; where an eighth of it is too short for a choice, the shortest.</summary>
    public static int Longest(int side) => Math.Max(Shortest, side / 8 - 1);

    /// <param name="size">The image's.</param>
    /// <param name="draw">A uniform whole number between two bounds, both included.</param>
    public static NoiseRectangle Draw(InputSize size, Func<int, int, int> draw)
    {
        var height = draw(Shortest, Longest(size.Height));
        var width = draw(Shortest, Longest(size.Width));
        return new(draw(1, size.Height - height - 1), draw(1, size.Width - width - 1), height, width);
    }

    /// <summary>An image with noise added in the rectangle, unclipped.</summary>
    /// <param name="image">(3, H, W), normalised; it is not changed.</param>
    /// <param name="noise">(3, h, w), at least as large as the rectangle: its first rows and columns are taken.</param>
    public Tensor Paste(Tensor image, Tensor noise)
    {
        using var scope = NewDisposeScope();
        var deviation = tensor(ImageNetColours.Deviation, [3, 1, 1], device: image.device);
        var noised = image.clone();
        noised.narrow(1, Top, Height).narrow(2, Left, Width).add_(noise.narrow(1, 0, Height).narrow(2, 0, Width) * Strength / deviation);
        return noised.MoveToOuterDisposeScope();
    }
}
