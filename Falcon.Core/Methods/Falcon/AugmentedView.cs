using Falcon.Data;
using Falcon.Randomness;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>A random view of an image: brightness and contrast by up to 15 %, saturation by up to 10 %, hue by up to 2 % of the circle, rotation by
/// up to 5° (specification, section 8, row 4).</summary>
internal static class AugmentedView
{
    private const double MaximalDegrees = 5, Brightness = 0.15, Contrast = 0.15, Saturation = 0.1, Hue = 0.02;

    private static readonly float[] Luma = [0.299f, 0.587f, 0.114f];

    /// <param name="image">(1, 3, H, W) float32, ImageNet-normalised.</param>
    /// <param name="random">The view's own stream.</param>
    /// <returns>An image of the same shape and normalisation.</returns>
    public static Tensor Of(Tensor image, RandomStream random)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var mean = tensor(Preprocessing.ImageNetMean, [1, 3, 1, 1], device: image.device);
        var deviation = tensor(Preprocessing.ImageNetDeviation, [1, 3, 1, 1], device: image.device);
        var view = image * deviation + mean;
        view = (view * Factor(Brightness)).clamp(0, 1);
        view = Blend(view, Gray(view).mean(), Factor(Contrast));
        view = Blend(view, Gray(view), Factor(Saturation));
        view = TurnHue(view, random.NextDouble(-Hue, Hue));
        view = Rotate(view, random.NextDouble(-MaximalDegrees, MaximalDegrees));
        return ((view - mean) / deviation).MoveToOuterDisposeScope();

        double Factor(double range) => random.NextDouble(1 - range, 1 + range);
    }

    private static Tensor Gray(Tensor rgb) => (rgb * tensor(Luma, [1, 3, 1, 1], device: rgb.device)).sum([1], keepdim: true);

    private static Tensor Blend(Tensor a, Tensor b, double share) => (a * share + b * (1 - share)).clamp(0, 1);

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
