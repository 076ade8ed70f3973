using Falcon.Imaging;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Changes of brightness, contrast and saturation of images (N, 3, H, W) float32 in [0, 1].</summary>
internal static class ColourChange
{
    private static readonly float[] Luma = [0.299f, 0.587f, 0.114f];

    /// <summary>A normalised image in [0, 1].</summary>
    public static Tensor Visible(Tensor image) => image * Deviation(image) + Mean(image);

    /// <summary>An image in [0, 1] normalised with ImageNet's statistics.</summary>
    public static Tensor Normalised(Tensor image) => (image - Mean(image)) / Deviation(image);

    /// <summary>Multiplies all values.</summary>
    public static Tensor Brightness(Tensor image, double factor) => (image * factor).clamp(0, 1);

    /// <summary>Moves all values away from the mean luma (factor above 1) or towards it.</summary>
    public static Tensor Contrast(Tensor image, double factor) => Blend(image, Grey(image).mean(), factor);

    /// <summary>Moves all colours away from grey (factor above 1) or towards it.</summary>
    public static Tensor Saturation(Tensor image, double factor) => Blend(image, Grey(image), factor);

    private static Tensor Grey(Tensor image) => (image * tensor(Luma, [1, 3, 1, 1], device: image.device)).sum([1], keepdim: true);

    private static Tensor Blend(Tensor a, Tensor b, double share) => (a * share + b * (1 - share)).clamp(0, 1);

    private static Tensor Mean(Tensor like) => tensor(ImageNetColours.Mean, [1, 3, 1, 1], device: like.device);

    private static Tensor Deviation(Tensor like) => tensor(ImageNetColours.Deviation, [1, 3, 1, 1], device: like.device);
}
