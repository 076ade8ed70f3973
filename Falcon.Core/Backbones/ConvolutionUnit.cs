using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>A convolution (padding kernel / 2) and what follows it: a batch norm, or nothing when that has been folded into it.</summary>
internal sealed class ConvolutionUnit(int inputs, int outputs, int kernel, int stride, bool folded)
{
    public Conv2d Convolution { get; } = Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, bias: folded);

    public BatchNorm2d? Norm { get; } = folded ? null : BatchNorm2d(outputs);

    /// <summary>A new tensor, which the caller may change in place.</summary>
    public Tensor Apply(Tensor input)
    {
        var x = Convolution.call(input);
        if (Norm is null)
            return x;
        using (x)
            return Norm.call(x);
    }

    /// <summary>Takes over a unit with batch norm: w·γ/√(σ² + ε) and β − μ·γ/√(σ² + ε), in float64, then rounded.</summary>
    public void Fold(ConvolutionUnit source)
    {
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var norm = source.Norm!;
        var scale = norm.weight!.to(ScalarType.Float64) / (norm.running_var!.to(ScalarType.Float64) + norm.eps).sqrt();
        Convolution.weight.copy_(source.Convolution.weight.to(ScalarType.Float64) * scale.reshape(-1, 1, 1, 1));
        Convolution.bias!.copy_(norm.bias!.to(ScalarType.Float64) - norm.running_mean!.to(ScalarType.Float64) * scale);
    }
}
