using Falcon.Imaging;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Pastes a block so that it meets its surroundings without an edge (Pérez, Gangnet and Blake, "Poisson Image Editing", SIGGRAPH 2003): its differences of
/// neighbouring pixels stay, its outermost pixels become those of its place. What is added to the block is the membrane between these, which solves Laplace's
/// equation; sines are the eigenvectors of that.</summary>
internal static class PoissonBlending
{
    private const int LeastPixels = 50;

    /// <summary>Whether a block is large enough, as OpenCV's implementation wants it.</summary>
    public static bool Takes(PixelBlock block) => block.Height > 2 && block.Width > 2 && (block.Height - 2) * (block.Width - 2) >= LeastPixels;

    /// <summary>Pastes a block into an image.</summary>
    /// <param name="from">RGB.</param>
    /// <param name="source">The block in it.</param>
    /// <param name="to">RGB; changed.</param>
    /// <param name="destination">Where the block goes to, of the same size.</param>
    public static void Paste(RasterImage from, PixelBlock source, RasterImage to, PixelBlock destination)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var patch = Levels(from, source);
        var blended = patch[.., 1..^1, 1..^1] + Membrane(Levels(to, destination) - patch);
        var levels = blended.round().clamp(0, 255).to(ScalarType.Byte).permute(1, 2, 0).contiguous().data<byte>().ToArray();
        var row = 3 * (source.Width - 2);
        for (var y = 0; y < source.Height - 2; y++)
            levels.AsSpan(y * row, row).CopyTo(to.Pixels.AsSpan(3 * ((destination.Top + 1 + y) * to.Width + destination.Left + 1)));
    }

    /// <summary>The smoothest inside of a rim: each value the mean of its four neighbours.</summary>
    /// <param name="rim">(C, h, w) float64, of which the outermost rows and columns are read.</param>
    /// <returns>(C, h − 2, w − 2).</returns>
    internal static Tensor Membrane(Tensor rim)
    {
        var (height, width) = (rim.shape[1] - 2, rim.shape[2] - 2);
        var pull = zeros([rim.shape[0], height, width], ScalarType.Float64, device: rim.device);
        pull[.., 0, ..] -= rim[.., 0, 1..^1];
        pull[.., -1, ..] -= rim[.., -1, 1..^1];
        pull[.., .., 0] -= rim[.., 1..^1, 0];
        pull[.., .., -1] -= rim[.., 1..^1, -1];
        var ((rows, down), (columns, across)) = (Sines(height, rim.device), Sines(width, rim.device));
        var spectrum = rows.matmul(pull).matmul(columns) / (down.unsqueeze(1) + across);
        return rows.matmul(spectrum).matmul(columns) * (4.0 / ((height + 1) * (width + 1)));
    }

    /// <summary>The eigenvectors, as columns, and the eigenvalues of second differences between two ends that are zero.</summary>
    private static (Tensor Vectors, Tensor Values) Sines(long count, Device device)
    {
        var angles = arange(1, count + 1, ScalarType.Float64, device: device) * (Math.PI / (count + 1));
        var numbers = arange(1, count + 1, ScalarType.Float64, device: device);
        return ((angles.unsqueeze(1) * numbers).sin(), 2 * angles.cos() - 2);
    }

    /// <summary>(3, h, w) float64.</summary>
    private static Tensor Levels(RasterImage image, PixelBlock block)
    {
        var pixels = image.Crop(block.Left, block.Top, block.Width, block.Height).Pixels;
        return tensor(pixels, [block.Height, block.Width, 3], device: CPU).permute(2, 0, 1).to(ScalarType.Float64);
    }
}
