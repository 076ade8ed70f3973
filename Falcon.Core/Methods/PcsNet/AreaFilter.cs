using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Bilinear resizing that does not alias: where it shrinks, a value is a mean over a triangle as wide as two of its cells.</summary>
internal static class AreaFilter
{
    /// <param name="values">(N, C, h, w) float32.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    public static Tensor Resize(Tensor values, int height, int width)
    {
        using var scope = NewDisposeScope();
        var columns = Matrix(values.shape[3], width, values.device);
        return Matrix(values.shape[2], height, values.device).matmul(values).matmul(columns.t()).MoveToOuterDisposeScope();
    }

    private static Tensor Matrix(long from, int to, Device device)
    {
        var cell = (double)from / to;
        var support = Math.Max(cell, 1);
        var weights = new float[to * from];
        for (var i = 0; i < to; i++)
        {
            double[] row = [.. Enumerable.Range(0, (int)from).Select(j => Math.Max(0, 1 - Math.Abs(j + 0.5 - (i + 0.5) * cell) / support))];
            var total = row.Sum();
            for (var j = 0; j < from; j++)
                weights[i * from + j] = (float)(row[j] / total);
        }
        return tensor(weights, [to, from], device: device);
    }
}
