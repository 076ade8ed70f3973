using static TorchSharp.torch;

namespace Falcon.Onnx;

/// <summary>Convolutions, pools and norms of (N, C, h, w), as PyTorch computes them.</summary>
internal static class OnnxConvolutions
{
    /// <summary>A convolution.</summary>
    /// <param name="input">(N, C, h, w).</param>
    /// <param name="weight">(D, C / groups, rows, columns).</param>
    /// <param name="bias">(D); null for none.</param>
    /// <param name="stride">Along both sides.</param>
    /// <param name="padding">Zeros at each end of a side, rows first.</param>
    /// <param name="dilation">Along both sides.</param>
    /// <param name="groups">Groups of channels.</param>
    public static OnnxValue Conv(
        this OnnxValue input, Tensor weight, Tensor? bias = null, long[]? stride = null, long[]? padding = null, long[]? dilation = null, long groups = 1)
    {
        var (step, pad, spread) = (stride ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1]);
        long Side(int i) => (input.Shape[2 + i] + 2 * pad[i] - spread[i] * (weight.shape[2 + i] - 1) - 1) / step[i] + 1;
        return input.Graph.AddRescalable(
            "Conv", Read(input, weight, bias), input.Type, [input.Shape[0], weight.shape[0], Side(0), Side(1)],
            (scale, shift) => input.Conv(weight * scale.reshape(-1, 1, 1, 1), Moved(bias, scale, shift), step, pad, spread, groups),
            new("strides", step), new("pads", Both(pad)), new("dilations", spread), new("group", groups), new("kernel_shape", weight.shape[2..]));
    }

    /// <summary>A transposed convolution.</summary>
    /// <param name="input">(N, C, h, w).</param>
    /// <param name="weight">(C, D, rows, columns).</param>
    /// <param name="bias">(D); null for none.</param>
    /// <param name="stride">Along both sides.</param>
    /// <param name="padding">What is cut at each end of a side.</param>
    public static OnnxValue ConvTranspose(this OnnxValue input, Tensor weight, Tensor? bias, long[] stride, long[] padding)
    {
        long Side(int i) => (input.Shape[2 + i] - 1) * stride[i] - 2 * padding[i] + weight.shape[2 + i];
        return input.Graph.AddRescalable(
            "ConvTranspose", Read(input, weight, bias), input.Type, [input.Shape[0], weight.shape[1], Side(0), Side(1)],
            (scale, shift) => input.ConvTranspose(weight * scale.reshape(1, -1, 1, 1), Moved(bias, scale, shift), stride, padding),
            new("strides", stride), new("pads", Both(padding)), new("kernel_shape", weight.shape[2..]));
    }

    /// <summary>The largest value of each window.</summary>
    public static OnnxValue MaxPool(this OnnxValue input, long kernel, long stride, long padding) =>
        input.Graph.Add("MaxPool", [input], input.Type, Pooled(input, [kernel, kernel], [stride, stride], [padding, padding]),
            new("kernel_shape", (long[])[kernel, kernel]), new("strides", (long[])[stride, stride]), new("pads", Both([padding, padding])));

    /// <summary>The mean of each window; zeros outside count.</summary>
    public static OnnxValue AveragePool(this OnnxValue input, long kernel, long stride, long padding) =>
        input.AveragePool([kernel, kernel], [stride, stride], [padding, padding]);

    /// <summary>As above, of other windows.</summary>
    public static OnnxValue AveragePool(this OnnxValue input, long[] kernel, long[] stride, long[] padding) =>
        input.Graph.Add("AveragePool", [input], input.Type, Pooled(input, kernel, stride, padding),
            new("kernel_shape", kernel), new("strides", stride), new("pads", Both(padding)), new("count_include_pad", 1));

    /// <summary>Batch norm with fixed statistics: joined with the convolution before it where there is one, in double precision.</summary>
    public static OnnxValue BatchNorm(this OnnxValue input, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double epsilon)
    {
        var (scale, shift) = Affine(weight, bias, mean, variance, epsilon);
        return input.Rescaled is { } rescaled
            ? rescaled(scale, shift)
            : input * input.Graph.Tensor(scale.reshape(-1, 1, 1)) + input.Graph.Tensor(shift.reshape(-1, 1, 1));
    }

    /// <summary>Batch norm of rows, (P, C).</summary>
    public static OnnxValue NormRows(this OnnxValue input, Tensor weight, Tensor bias, Tensor mean, Tensor variance, double epsilon)
    {
        var (scale, shift) = Affine(weight, bias, mean, variance, epsilon);
        return input * input.Graph.Tensor(scale) + input.Graph.Tensor(shift);
    }

    /// <summary>Each channel of each image with mean 0 and deviation 1.</summary>
    public static OnnxValue InstanceNorm(this OnnxValue input, double epsilon)
    {
        var (ones, zeros) = (TorchSharp.torch.ones(input.Shape[1]), TorchSharp.torch.zeros(input.Shape[1]));
        return input.Graph.Add("InstanceNormalization", [input, input.Graph.Tensor(ones), input.Graph.Tensor(zeros)], input.Type, input.Shape,
            new OnnxAttribute("epsilon", (float)epsilon));
    }

    /// <summary>The last side with mean 0 and deviation 1, then scaled and shifted.</summary>
    public static OnnxValue LayerNorm(this OnnxValue input, Tensor weight, Tensor bias, double epsilon) =>
        input.Graph.Add("LayerNormalization", [input, input.Graph.Tensor(weight), input.Graph.Tensor(bias)], input.Type, input.Shape,
            new("axis", -1), new("epsilon", (float)epsilon));

    private static (Tensor Scale, Tensor Shift) Affine(Tensor weight, Tensor bias, Tensor mean, Tensor variance, double epsilon)
    {
        var scale = weight.to(ScalarType.Float64) / (variance.to(ScalarType.Float64) + epsilon).sqrt();
        return (scale, bias.to(ScalarType.Float64) - mean.to(ScalarType.Float64) * scale);
    }

    private static OnnxValue[] Read(OnnxValue input, Tensor weight, Tensor? bias) => bias is null
        ? [input, input.Graph.Tensor(weight)]
        : [input, input.Graph.Tensor(weight), input.Graph.Tensor(bias)];

    private static Tensor Moved(Tensor? bias, Tensor scale, Tensor shift) => bias is null ? shift : bias * scale + shift;

    private static long[] Pooled(OnnxValue input, long[] kernel, long[] stride, long[] padding)
    {
        long Side(int i) => (input.Shape[2 + i] + 2 * padding[i] - kernel[i]) / stride[i] + 1;
        return [input.Shape[0], input.Shape[1], Side(0), Side(1)];
    }

    private static long[] Both(long[] padding) => [.. padding, .. padding];
}
