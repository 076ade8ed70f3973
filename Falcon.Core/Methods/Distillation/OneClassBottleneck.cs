using Falcon.Backbones;
using Falcon.Onnx;
using Falcon.Weights;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>Brings three layers of an encoder to one size and compresses them into one code (Deng and Li, CVPR 2022): <c>call(f1, f2, f3)</c> gives the code,
/// (N, 512e, h/2, w/2) for f3 (N, 256e, h, w), e being the architecture's expansion.</summary>
internal sealed class OneClassBottleneck : Module<Tensor, Tensor, Tensor, Tensor>, IPartialNetwork
{
    private readonly Module<Tensor, Tensor>[] _halving;

    [ComponentName(Name = "bn_layer")]
    private readonly Sequential _code;

    /// <param name="architecture">The encoder's.</param>
    /// <param name="narrow">Whether the code's blocks have the base width 64 even when the encoder is wide, as DistillationAD builds them.</param>
    public OneClassBottleneck(ResNetArchitecture architecture, bool narrow) : base(nameof(OneClassBottleneck))
    {
        var (first, second, third) =
            (architecture.Channels(BackboneTap.Layer1), architecture.Channels(BackboneTap.Layer2), architecture.Channels(BackboneTap.Layer3));
        _halving = [Halving(1, first, second), Halving(2, second, third), Halving(3, second, third)];
        var inner = narrow ? architecture with { BaseWidth = 64 } : architecture;
        var code = architecture.Channels(BackboneTap.Layer4);
        _code = Sequential(ResidualBlock.Layer(inner, BackboneTap.Layer4, 3 * third, 2, architecture.Blocks[^1]));
        RegisterComponents();

        // In every published checkpoint, without a part in the computation.
        register_module("conv4", Conv2d(architecture.Expansion * 1024, code, 1, bias: false));
        register_module("bn4", BatchNorm2d(code));
    }

    /// <summary>The authors' checkpoints may hold memories that their code does not use either.</summary>
    bool IPartialNetwork.LeavesOut(string name) => name.Contains("memory", StringComparison.Ordinal);

    public override Tensor forward(Tensor f1, Tensor f2, Tensor f3)
    {
        using var scope = NewDisposeScope();
        var joined = cat([_halving[1].call(_halving[0].call(f1)), _halving[2].call(f2), f3], dim: 1);
        return _code.call(joined).MoveToOuterDisposeScope();
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue Export(OnnxValue f1, OnnxValue f2, OnnxValue f3) =>
        _code.Apply(new[] { _halving[1].Apply(_halving[0].Apply(f1)), _halving[2].Apply(f2), f3 }.Concat(axis: 1));

    /// <summary>A 3×3 convolution that halves the size, batch norm and ReLU, the first two registered under their number.</summary>
    private Sequential Halving(int number, int inputs, int outputs)
    {
        var (convolution, norm) = (Conv2d(inputs, outputs, 3, stride: 2, padding: 1, bias: false), BatchNorm2d(outputs));
        register_module($"conv{number}", convolution);
        register_module($"bn{number}", norm);
        return Sequential(convolution, norm, ReLU());
    }
}
