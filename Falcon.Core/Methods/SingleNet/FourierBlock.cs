using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A fast Fourier convolution on local and global channels (specification, section 3): each output is the sum of what comes from both inputs, normalised
/// and rectified.</summary>
internal sealed class FourierBlock : Module<Tensor, Tensor?, (Tensor Local, Tensor? Global)>
{
    /// <summary>Of every batch norm of the student.</summary>
    public const double Momentum = 0.01;

    private const double Slope = 0.01;

    [ComponentName(Name = "ffc")]
    private readonly FourierConvolution _convolution;

    [ComponentName(Name = "bn_l")]
    private readonly BatchNorm2d _localNorm;

    [ComponentName(Name = "bn_g")]
    private readonly BatchNorm2d? _globalNorm;

    /// <param name="inputs">Local and global input channels.</param>
    /// <param name="outputs">Local and global output channels.</param>
    /// <param name="doubling">Whether height and width double.</param>
    /// <param name="orthonormal">As <see cref="FourierUnit"/>.</param>
    public FourierBlock((int Local, int Global) inputs, (int Local, int Global) outputs, bool doubling, bool orthonormal) : base(nameof(FourierBlock))
    {
        _convolution = new(inputs, outputs, doubling, orthonormal);
        _localNorm = BatchNorm2d(outputs.Local, momentum: Momentum);
        if (outputs.Global > 0)
            _globalNorm = BatchNorm2d(outputs.Global, momentum: Momentum);
        RegisterComponents();
    }

    /// <summary>The path from global to global channels, where there is one.</summary>
    public GlobalPath? Global => _convolution.Global;

    public override (Tensor Local, Tensor? Global) forward(Tensor local, Tensor? global)
    {
        var (toLocal, toGlobal) = _convolution.call(local, global);
        return (_localNorm.call(toLocal).leaky_relu(Slope), toGlobal is null ? null : _globalNorm!.call(toGlobal).leaky_relu(Slope));
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public (OnnxValue Local, OnnxValue? Global) Export(OnnxValue local, OnnxValue? global)
    {
        var (toLocal, toGlobal) = _convolution.Export(local, global);
        return (_localNorm.Apply(toLocal).LeakyRelu(Slope), toGlobal is null ? null : _globalNorm!.Apply(toGlobal).LeakyRelu(Slope));
    }
}
