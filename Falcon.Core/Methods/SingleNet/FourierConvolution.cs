using Falcon.Onnx;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>The four paths of a fast Fourier convolution: <c>convl2l</c>, <c>convl2g</c>, <c>convg2l</c>, <c>convg2g</c>, as far as there are channels.</summary>
internal sealed class FourierConvolution : Module<Tensor, Tensor?, (Tensor Local, Tensor? Global)>
{
    [ComponentName(Name = "convl2l")]
    private readonly Module<Tensor, Tensor> _localToLocal;

    [ComponentName(Name = "convl2g")]
    private readonly Module<Tensor, Tensor>? _localToGlobal;

    [ComponentName(Name = "convg2l")]
    private readonly Module<Tensor, Tensor>? _globalToLocal;

    public FourierConvolution((int Local, int Global) inputs, (int Local, int Global) outputs, bool doubling, bool orthonormal)
        : base(nameof(FourierConvolution))
    {
        _localToLocal = Convolution(inputs.Local, outputs.Local);
        if (outputs.Global > 0)
            _localToGlobal = Convolution(inputs.Local, outputs.Global);
        if (inputs.Global > 0)
            _globalToLocal = Convolution(inputs.Global, outputs.Local);
        if (inputs.Global > 0 && outputs.Global > 0)
            Global = new GlobalPath(inputs.Global, outputs.Global, orthonormal);
        RegisterComponents();

        Module<Tensor, Tensor> Convolution(int input, int output) => doubling
            ? ConvTranspose2d(input, output, 4, stride: 2, padding: 1, bias: false)
            : Conv2d(input, output, 3, padding: 1, bias: false);
    }

    /// <summary>The path from global to global channels; it doubles the size.</summary>
    [field: ComponentName(Name = "convg2g")]
    public GlobalPath? Global { get; }

    public override (Tensor Local, Tensor? Global) forward(Tensor local, Tensor? global)
    {
        var toLocal = _localToLocal.call(local);
        if (global is not null)
            toLocal += _globalToLocal!.call(global);
        var toGlobal = _localToGlobal?.call(local);
        return (toLocal, global is null || Global is null ? toGlobal : toGlobal! + Global.call(global));
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public (OnnxValue Local, OnnxValue? Global) Export(OnnxValue local, OnnxValue? global)
    {
        var toLocal = _localToLocal.Apply(local);
        if (global is not null)
            toLocal += _globalToLocal!.Apply(global);
        var toGlobal = _localToGlobal?.Apply(local);
        return (toLocal, global is null || Global is null ? toGlobal : toGlobal! + Global.Export(global));
    }
}
