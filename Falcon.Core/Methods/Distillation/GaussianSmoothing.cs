using Falcon.Onnx;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Separable Gaussian smoothing of maps: radius ⌊4σ + ½⌋, weights that sum to 1, borders mirrored with the edge repeated (c b a | a b c). Each pass is
/// a product with a banded matrix that has the mirrored weights folded in.</summary>
public static class GaussianSmoothing
{
    /// <param name="maps">(N, h, w) float32.</param>
    /// <param name="smoothing">In which directions.</param>
    /// <param name="sigma">Standard deviation in cells.</param>
    public static Tensor Of(Tensor maps, SmoothingKind smoothing, double sigma)
    {
        if (smoothing == SmoothingKind.None)
            return maps;
        var (height, width) = (maps.shape[1], maps.shape[2]);
        var across = Matrix(width, sigma, maps);
        var rows = maps.matmul(across.t());
        return smoothing == SmoothingKind.RowWise ? rows : (height == width ? across : Matrix(height, sigma, maps)).matmul(rows);
    }

    /// <summary>As above, in a graph.</summary>
    internal static OnnxValue Of(OnnxValue maps, SmoothingKind smoothing, double sigma)
    {
        if (smoothing == SmoothingKind.None)
            return maps;
        using var scope = NewDisposeScope();
        using var like = zeros(1, device: CPU);
        var rows = maps.MatMul(maps.Graph.Tensor(Matrix(maps.Shape[2], sigma, like).t()));
        return smoothing == SmoothingKind.RowWise ? rows : maps.Graph.Tensor(Matrix(maps.Shape[1], sigma, like)).MatMul(rows);
    }

    private static Tensor Matrix(long size, double sigma, Tensor like)
    {
        var radius = (int)(4 * sigma + 0.5);
        double[] kernel = [.. Enumerable.Range(-radius, 2 * radius + 1).Select(x => Math.Exp(-x * x / (2 * sigma * sigma)))];
        var total = kernel.Sum();
        var matrix = new double[size * size];
        for (var i = 0; i < size; i++)
            for (var k = -radius; k <= radius; k++)
                matrix[i * size + Mirrored(i + k, size)] += kernel[k + radius] / total;
        return tensor(matrix, [size, size], device: like.device).to(like.dtype);
    }

    private static long Mirrored(long at, long size)
    {
        var within = (at % (2 * size) + 2 * size) % (2 * size);
        return within < size ? within : 2 * size - 1 - within;
    }
}
