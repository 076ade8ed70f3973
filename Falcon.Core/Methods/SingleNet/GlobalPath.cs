using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>From global to global channels: half of the channels, the Fourier unit, then a transposed convolution that doubles the size.</summary>
internal sealed class GlobalPath : Module<Tensor, Tensor>, IOnnxModule
{
    [ComponentName(Name = "conv2")]
    private readonly ConvTranspose2d _double;

    public GlobalPath(int inputs, int outputs, bool orthonormal) : base(nameof(GlobalPath))
    {
        var half = outputs / 2;
        Reduce = Sequential(Conv2d(inputs, half, 1, bias: false), BatchNorm2d(half, momentum: FourierBlock.Momentum), ReLU());
        Unit = new FourierUnit(half, orthonormal);
        _double = ConvTranspose2d(half, outputs, 2, stride: 2, bias: false);
        RegisterComponents();
    }

    /// <summary>To half of the channels.</summary>
    [field: ComponentName(Name = "conv1")]
    public Sequential Reduce { get; }

    /// <summary>On the spectrum.</summary>
    [field: ComponentName(Name = "fu")]
    public FourierUnit Unit { get; }

    public override Tensor forward(Tensor input) => _double.call(Unit.call(Reduce.call(input)));

    public OnnxValue Export(OnnxValue input) => _double.Apply(Unit.Export(Reduce.Apply(input)));
}
