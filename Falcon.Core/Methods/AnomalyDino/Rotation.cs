using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>Turning images about their middle.</summary>
internal static class Rotation
{
    /// <summary>Turned counterclockwise, bilinear, mirrored beyond the border without repeating its pixels (OpenCV's default).</summary>
    /// <param name="images">(N, C, H, W) float32.</param>
    /// <param name="angle">In radians.</param>
    /// <returns>The same shape.</returns>
    public static Tensor Of(Tensor images, double angle)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (images.shape[2] - 1.0, images.shape[3] - 1.0);
        var (sine, cosine) = Math.SinCos(angle);
        // From each place of the result to where it comes from; coordinates go from −1 to 1 along each side.
        float[] matrix = [(float)cosine, (float)(-sine * height / width), 0, (float)(sine * width / height), (float)cosine, 0];
        var places = affine_grid(tensor(matrix, [1, 2, 3], device: images.device).expand(images.shape[0], 2, 3), [.. images.shape], align_corners: true);
        return grid_sample(images, places, GridSampleMode.Bilinear, GridSamplePaddingMode.Reflection, align_corners: true).MoveToOuterDisposeScope();
    }
}
