using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>Multi-head self-attention with PyTorch's names: query, key and value stacked in <c>in_proj_weight</c> and <c>in_proj_bias</c>.</summary>
internal sealed class SelfAttention : Module<Tensor, Tensor>, IOnnxModule
{
    private const string Weight = "in_proj_weight", Bias = "in_proj_bias";

    private readonly int _heads;

    [ComponentName(Name = "out_proj")]
    private readonly Linear _output;

    /// <param name="width">Numbers of a token.</param>
    /// <param name="heads">Heads, which divide the width.</param>
    public SelfAttention(int width, int heads) : base(nameof(SelfAttention))
    {
        _heads = heads;
        register_parameter(Weight, new Parameter(zeros(3 * width, width)));
        register_parameter(Bias, new Parameter(zeros(3 * width)));
        _output = Linear(width, width);
        RegisterComponents();
    }

    /// <inheritdoc/>
    public OnnxValue Export(OnnxValue tokens)
    {
        var (images, count, width) = (tokens.Shape[0], tokens.Shape[1], tokens.Shape[2]);
        var stacked = OnnxRules.Product(tokens, get_parameter(Weight)!, get_parameter(Bias));
        var (queries, keys, values) = (Heads(0), Heads(1), Heads(2));
        var shares = (queries.MatMul(keys.Transpose(0, 1, 3, 2)) / Math.Sqrt((double)width / _heads)).Softmax(3);
        return _output.Apply(shares.MatMul(values).Transpose(0, 2, 1, 3).Reshape(images, count, width));

        OnnxValue Heads(int part) => stacked.Narrow(2, part * width, width).Reshape(images, count, _heads, width / _heads).Transpose(0, 2, 1, 3);
    }

    /// <summary>(N, tokens, width) to the same shape.</summary>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var (images, count, width) = (tokens.shape[0], tokens.shape[1], tokens.shape[2]);
        var stacked = functional.linear(tokens, get_parameter(Weight)!, get_parameter(Bias)).reshape(images, count, 3, _heads, width / _heads).permute(2, 0, 3, 1, 4);
        var attended = functional.scaled_dot_product_attention(stacked[0], stacked[1], stacked[2]);
        return _output.call(attended.transpose(1, 2).reshape(images, count, width)).MoveToOuterDisposeScope();
    }
}
