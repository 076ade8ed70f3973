using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>A pre-norm block of a vision transformer: x += s₁·attention(norm(x)), x += s₂·perceptron(norm(x)). State-dict names are open_clip's.</summary>
internal sealed class TransformerBlock : Module<Tensor, Tensor>, IOnnxModule
{
    [ComponentName(Name = "ln_1")]
    private readonly LayerNorm _norm1;

    [ComponentName(Name = "attn")]
    private readonly SelfAttention _attention;

    [ComponentName(Name = "ln_2")]
    private readonly LayerNorm _norm2;

    [ComponentName(Name = "mlp")]
    private readonly TransformerPerceptron _perceptron;

    [ComponentName(Name = "ls_1")]
    private readonly LayerScale? _scale1;

    [ComponentName(Name = "ls_2")]
    private readonly LayerScale? _scale2;

    /// <param name="width">Numbers of a token.</param>
    /// <param name="heads">Attention heads.</param>
    /// <param name="exactGelu">Whether the perceptron's activation is the exact GELU rather than x·σ(1.702x).</param>
    /// <param name="epsilon">Of the norms.</param>
    /// <param name="scaled">Whether what is added is scaled per channel.</param>
    public TransformerBlock(int width, int heads, bool exactGelu, double epsilon = 1e-5, bool scaled = false) : base(nameof(TransformerBlock))
    {
        _norm1 = LayerNorm(width, epsilon);
        _attention = new(width, heads);
        _norm2 = LayerNorm(width, epsilon);
        _perceptron = new(width, exactGelu);
        if (scaled)
            (_scale1, _scale2) = (new(width), new(width));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public OnnxValue Export(OnnxValue tokens)
    {
        var attended = _attention.Export(_norm1.Apply(tokens));
        var middle = tokens + (_scale1?.Export(attended) ?? attended);
        var perceived = _perceptron.Export(_norm2.Apply(middle));
        return middle + (_scale2?.Export(perceived) ?? perceived);
    }

    /// <summary>(N, tokens, width) to the same shape.</summary>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var attended = _attention.call(_norm1.call(tokens));
        var middle = tokens + (_scale1?.call(attended) ?? attended);
        var perceived = _perceptron.call(_norm2.call(middle));
        return (middle + (_scale2?.call(perceived) ?? perceived)).MoveToOuterDisposeScope();
    }
}
