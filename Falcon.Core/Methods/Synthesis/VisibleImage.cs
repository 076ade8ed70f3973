using Falcon.Imaging;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>From a network's input back to pixels.</summary>
internal static class VisibleImage
{
    /// <summary>The 8-bit image that a normalised one was made of.</summary>
    /// <param name="input">(1, 3, H, W).</param>
    public static RasterImage Of(Tensor input)
    {
        using var scope = NewDisposeScope();
        var levels = (ColourChange.Visible(input) * 255).round().clamp(0, 255).to(ScalarType.Byte).cpu();
        var interleaved = levels[0].permute(1, 2, 0).contiguous();
        return new((int)input.shape[3], (int)input.shape[2], 3, [.. interleaved.data<byte>()]);
    }
}
