using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A 1×1 convolution, batch norm and ReLU on the spectrum of a map (Chi et al., NeurIPS 2020): every position sees the whole map. (N, C, H, W) in
/// and out.</summary>
internal sealed class FourierUnit : Module<Tensor, Tensor>, IOnnxModule
{
    [ComponentName(Name = "conv_layer")]
    private readonly Conv2d _convolution;

    [ComponentName(Name = "bn")]
    private readonly BatchNorm2d _norm;

    private readonly bool _orthonormal;

    /// <param name="channels">C.</param>
    /// <param name="orthonormal">Scales both transforms by 1/√(H·W) instead of the inverse by 1/(H·W).</param>
    public FourierUnit(int channels, bool orthonormal) : base(nameof(FourierUnit))
    {
        _orthonormal = orthonormal;
        _convolution = Conv2d(2 * channels, 2 * channels, 1, bias: false);
        _norm = BatchNorm2d(2 * channels, momentum: FourierBlock.Momentum);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var (images, channels, height, width) = (input.shape[0], input.shape[1], input.shape[2], input.shape[3]);
        var scale = _orthonormal ? 1 / Math.Sqrt(height * width) : 1;
        var (real, imaginary) = RealFourier.Forward(input * scale);
        var interleaved = stack([real, imaginary], dim: 2).reshape(images, 2 * channels, height, -1);
        var changed = _norm.call(_convolution.call(interleaved)).relu().reshape(images, channels, 2, height, -1);
        return (RealFourier.Inverse(changed.select(2, 0), changed.select(2, 1), width) / scale).MoveToOuterDisposeScope();
    }

    public OnnxValue Export(OnnxValue input)
    {
        var (images, channels, height, width) = (input.Shape[0], input.Shape[1], input.Shape[2], input.Shape[3]);
        var kept = width / 2 + 1;
        var scale = _orthonormal ? 1 / Math.Sqrt(height * width) : 1;
        var (real, imaginary) = RealFourier.Forward(input * scale);
        OnnxValue[] pair = [real.Reshape(images, channels, 1, height, kept), imaginary.Reshape(images, channels, 1, height, kept)];
        var changed = _norm.Apply(_convolution.Apply(pair.Concat(axis: 2).Reshape(images, 2 * channels, height, kept))).Relu()
            .Reshape(images, channels, 2, height, kept);
        return RealFourier.Inverse(Part(0), Part(1), width) / scale;

        OnnxValue Part(int part) => changed.Narrow(2, part, 1).Reshape(images, channels, height, kept);
    }
}
