using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>From global to global channels: half of the channels, the Fourier unit, then a transposed convolution that doubles the size.</summary>
internal sealed class GlobalPath : Module<Tensor, Tensor>
{
    private readonly ConvTranspose2d _double;

    public GlobalPath(int inputs, int outputs, bool orthonormal) : base(nameof(GlobalPath))
    {
        var half = outputs / 2;
        register_module("conv1", Reduce = Sequential(Conv2d(inputs, half, 1, bias: false), BatchNorm2d(half, momentum: FourierBlock.Momentum), ReLU()));
        register_module("fu", Unit = new FourierUnit(half, orthonormal));
        register_module("conv2", _double = ConvTranspose2d(half, outputs, 2, stride: 2, bias: false));
    }

    /// <summary>To half of the channels.</summary>
    public Sequential Reduce { get; }

    /// <summary>On the spectrum.</summary>
    public FourierUnit Unit { get; }

    public override Tensor forward(Tensor input) => _double.call(Unit.call(Reduce.call(input)));
}
