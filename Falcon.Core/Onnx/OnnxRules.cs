using TorchSharp;
using TorchSharp.Modules;

namespace Falcon.Onnx;

/// <summary>How modules of PyTorch are written as ONNX, in evaluation mode: one rule for each kind. A module of Falcon's own says it itself (<see cref="IOnnxModule"/>).</summary>
internal static class OnnxRules
{
    /// <summary>Adds what a module computes of an input.</summary>
    /// <exception cref="InvalidInputException">There is no rule for a module; it is named.</exception>
    public static OnnxValue Apply(this torch.nn.Module module, OnnxValue input) => module switch
    {
        IOnnxModule own => own.Export(input),
        Sequential chain => chain.children().Aggregate(input, (x, layer) => layer.Apply(x)),
        ConvTranspose2d convolution when IsPlain(convolution) =>
            input.ConvTranspose(convolution.weight, convolution.bias, convolution.stride, convolution.padding!),
        Conv2d { padding_mode: PaddingModes.Zeros, padding_type: null } convolution =>
            input.Conv(convolution.weight, convolution.bias, convolution.stride, convolution.padding, convolution.dilation, convolution.groups),
        BatchNorm2d { weight: { } weight, bias: { } bias, running_mean: { } mean, running_var: { } variance } norm =>
            input.BatchNorm(weight, bias, mean, variance, norm.eps),
        BatchNorm1d { weight: { } weight, bias: { } bias, running_mean: { } mean, running_var: { } variance } norm => input.NormRows(weight, bias, mean, variance, norm.eps),
        InstanceNorm2d { affine: false, track_running_stats: false } norm => input.InstanceNorm(norm.eps),
        LayerNorm { elementwise_affine: true, bias: not null, normalized_shape.Length: 1 } norm => input.LayerNorm(norm.weight, norm.bias, norm.eps),
        Linear layer => Product(input, layer.weight, layer.bias),
        AvgPool2d { ceil_mode: false, count_include_pad: true, divisor_override: null } pool =>
            input.AveragePool(Pair(pool.kernel_size), Pair(pool.stride ?? pool.kernel_size), Pair(pool.padding ?? [0])),
        ReLU => input.Relu(),
        LeakyReLU { negative_slope: var slope } => input.LeakyRelu(slope),
        Sigmoid => input.Sigmoid(),
        Dropout or Dropout2d or Identity => input,
        _ => throw new InvalidInputException(
            $"no rule writes the module {module.GetType().Name} with these settings as ONNX", module.GetName(), "Give a detector whose networks docs/onnx.md lists."),
    };

    /// <summary>x·Wᵀ + b, (…, D) for (…, C).</summary>
    public static OnnxValue Product(OnnxValue input, torch.Tensor weight, torch.Tensor? bias)
    {
        var product = input.MatMul(input.Graph.Tensor(weight.t()));
        return bias is null ? product : product + input.Graph.Tensor(bias);
    }

    private static bool IsPlain(ConvTranspose2d convolution) =>
        convolution.groups == 1 && convolution.dilation.All(step => step == 1) && convolution.output_padding.All(side => side == 0);

    private static long[] Pair(long[] sides) => sides.Length == 2 ? sides : [sides[0], sides[0]];
}
