using Falcon.Randomness;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>A random view of an image: brightness and contrast by up to 15 %, saturation by up to 10 %, hue by up to 2 % of the circle, rotation by
/// up to 5° (specification, section 8, row 4).</summary>
internal static class AugmentedView
{
    private const double MaximalDegrees = 5, Brightness = 0.15, Contrast = 0.15, Saturation = 0.1, Hue = 0.02;

    /// <param name="image">(1, 3, H, W) float32, ImageNet-normalised.</param>
    /// <param name="random">The view's own stream.</param>
    /// <returns>An image of the same shape and normalisation.</returns>
    public static Tensor Of(Tensor image, RandomStream random)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var view = ColourChange.Visible(image);
        view = ColourChange.Brightness(view, Factor(Brightness));
        view = ColourChange.Contrast(view, Factor(Contrast));
        view = ColourChange.Saturation(view, Factor(Saturation));
        view = TurnHue(view, random.NextDouble(-Hue, Hue));
        view = Rotate(view, random.NextDouble(-MaximalDegrees, MaximalDegrees));
        return ColourChange.Normalised(view).MoveToOuterDisposeScope();

        double Factor(double range) => random.NextDouble(1 - range, 1 + range);
    }

    /// <summary>Rotates the colours about the gray axis, which changes the hue and keeps the mean of the channels.</summary>
    private static Tensor TurnHue(Tensor rgb, double turns)
    {
        double cos = Math.Cos(2 * Math.PI * turns), sin = Math.Sin(2 * Math.PI * turns) / Math.Sqrt(3), rest = (1 - cos) / 3;
        float same = (float)(cos + rest), next = (float)(rest - sin), last = (float)(rest + sin);
        var matrix = tensor(new[] { same, next, last, last, same, next, next, last, same }, [3, 3], device: rgb.device);
        return einsum("rc,nchw->nrhw", matrix, rgb).clamp(0, 1);
    }

    /// <summary>Rotates about the centre; the border is continued by mirroring.</summary>
    private static Tensor Rotate(Tensor image, double degrees)
    {
        double cos = Math.Cos(degrees * Math.PI / 180), sin = Math.Sin(degrees * Math.PI / 180);
        var aspect = (double)image.shape[3] / image.shape[2];
        float[] rotation = [(float)cos, (float)(-sin / aspect), 0, (float)(sin * aspect), (float)cos, 0];
        var grid = affine_grid(tensor(rotation, [1, 2, 3], device: image.device), image.shape, align_corners: false);
        return grid_sample(image, grid, mode: GridSampleMode.Bilinear, padding_mode: GridSamplePaddingMode.Reflection, align_corners: false);
    }
}
