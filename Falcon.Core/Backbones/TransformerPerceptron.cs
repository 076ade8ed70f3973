using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>The two layers of a transformer's block after its attention.</summary>
internal sealed class TransformerPerceptron : Module<Tensor, Tensor>, IOnnxModule
{
    private readonly bool _exactGelu;

    [ComponentName(Name = "c_fc")]
    private readonly Linear _inner;

    [ComponentName(Name = "c_proj")]
    private readonly Linear _outer;

    /// <param name="width">Numbers of a token; the inner layer has four times as many.</param>
    /// <param name="exactGelu">Whether the activation is the exact GELU rather than x·σ(1.702x).</param>
    public TransformerPerceptron(int width, bool exactGelu) : base(nameof(TransformerPerceptron))
    {
        _exactGelu = exactGelu;
        _inner = Linear(width, 4 * width);
        _outer = Linear(4 * width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public OnnxValue Export(OnnxValue tokens)
    {
        var x = _inner.Apply(tokens);
        return _outer.Apply(_exactGelu ? x.Gelu() : x * (x * 1.702).Sigmoid());
    }

    /// <summary>(…, width) to the same shape.</summary>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var x = _inner.call(tokens);
        return _outer.call(_exactGelu ? functional.gelu(x) : x * (x * 1.702).sigmoid()).MoveToOuterDisposeScope();
    }
}
