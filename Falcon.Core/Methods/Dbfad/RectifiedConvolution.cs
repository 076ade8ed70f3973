using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A convolution without bias, then ReLU, then batch norm: the activation comes before the normalisation (specification, section 3).</summary>
internal sealed class RectifiedConvolution : Module<Tensor, Tensor>, IOnnxModule
{
    [ComponentName(Name = "conv")]
    private readonly Conv2d _convolution;

    [ComponentName(Name = "bn")]
    private readonly BatchNorm2d _norm;

    public RectifiedConvolution(int inputs, int outputs, int kernel, int stride = 1) : base(nameof(RectifiedConvolution))
    {
        _convolution = Conv2d(inputs, outputs, kernel, stride: stride, padding: kernel / 2, bias: false);
        _norm = BatchNorm2d(outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input) => _norm.call(_convolution.call(input).relu());

    public OnnxValue Export(OnnxValue input) => _norm.Apply(_convolution.Apply(input).Relu());
}
