using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>Compresses three levels of a transformer into a code of one level's size (specification, section 3): <c>call(a, b, c)</c>, all (N, C, h, w). Names:
/// <c>conv1</c> to <c>conv4</c>, <c>bn1</c> to <c>bn4</c>, of which the last one computes nothing.</summary>
internal sealed class TokenBottleneck : Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly Module<Tensor, Tensor>[] _levels;

    [ComponentName(Name = "conv4")]
    private readonly Conv2d _code;

    /// <param name="width">C.</param>
    public TokenBottleneck(int width) : base(nameof(TokenBottleneck))
    {
        _levels = [.. Enumerable.Range(1, 3).Select(Level)];
        _code = Conv2d(3 * width, width, 1, bias: false);
        RegisterComponents();
        register_module("bn4", BatchNorm2d(width));

        Module<Tensor, Tensor> Level(int number)
        {
            var (convolution, norm) = (Conv2d(width, width, 1, bias: false), BatchNorm2d(width));
            register_module($"conv{number}", convolution);
            register_module($"bn{number}", norm);
            return Sequential(convolution, norm, ReLU());
        }
    }

    public override Tensor forward(Tensor a, Tensor b, Tensor c)
    {
        using var scope = NewDisposeScope();
        return _code.call(cat([_levels[0].call(a), _levels[1].call(b), _levels[2].call(c)], dim: 1)).MoveToOuterDisposeScope();
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue Export(OnnxValue a, OnnxValue b, OnnxValue c) =>
        _code.Apply(new[] { _levels[0].Apply(a), _levels[1].Apply(b), _levels[2].Apply(c) }.Concat(axis: 1));
}
