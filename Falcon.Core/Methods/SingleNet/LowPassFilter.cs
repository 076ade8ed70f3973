using Falcon.Onnx;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The filter that suppresses restoration artefacts: the spectrum times 1 / (1 + (r/D)⁴), r being the distance from frequency zero in bins, D the cutoff
/// (specification, section 6).</summary>
internal static class LowPassFilter
{
    /// <param name="maps">(…, h, w), each filtered on its own.</param>
    /// <param name="cutoff">D in bins, at which half is let through.</param>
    /// <param name="passes">How often the filter is applied.</param>
    /// <param name="absolute">Whether negative values turn positive after each pass, as published.</param>
    public static Tensor Of(Tensor maps, double cutoff, int passes, bool absolute)
    {
        var width = maps.shape[^1];
        var mask = Mask(maps.shape[^2], width, cutoff).to(maps.device).to(maps.dtype);
        for (var pass = 0; pass < passes; pass++)
        {
            var (real, imaginary) = RealFourier.Forward(maps);
            maps = RealFourier.Inverse(real * mask, imaginary * mask, width);
            maps = absolute ? maps.abs() : maps;
        }
        return maps;
    }

    /// <summary>As above, in a graph.</summary>
    public static OnnxValue Of(OnnxValue maps, double cutoff, int passes, bool absolute)
    {
        using var scope = NewDisposeScope();
        var width = maps.Shape[^1];
        var mask = maps.Graph.Tensor(Mask(maps.Shape[^2], width, cutoff));
        for (var pass = 0; pass < passes; pass++)
        {
            var (real, imaginary) = RealFourier.Forward(maps);
            maps = RealFourier.Inverse(real * mask, imaginary * mask, width);
            maps = absolute ? maps.Abs() : maps;
        }
        return maps;
    }

    /// <summary>What is let through of each frequency, (height, ⌊width/2⌋ + 1) float64.</summary>
    private static Tensor Mask(long height, long width, double cutoff)
    {
        var kept = width / 2 + 1;
        var shares = new double[height * kept];
        for (var row = 0L; row < height; row++)
            for (var column = 0L; column < kept; column++)
            {
                var y = row <= (height - 1) / 2 ? row : row - height;
                var ratio = (y * y + column * column) / (cutoff * cutoff);
                shares[row * kept + column] = 1 / (1 + ratio * ratio);
            }
        return tensor(shares, [height, kept], device: CPU);
    }
}
