using Falcon.Backbones;
using Falcon.Data;
using Falcon.Onnx;
using Falcon.Randomness;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>Half of a CLIP tower's blocks, which restore three levels from a code (specification, section 3). Names are the tower's; <c>conv1</c>,
/// <c>class_embedding</c>, <c>ln_post</c>, <c>proj</c> and the first row of <c>positional_embedding</c> are in the state dict alone.</summary>
internal sealed class TokenDecoder : Module<Tensor, Tensor[]>
{
    private const string Positions = "positional_embedding";

    private readonly TransformerBlock[] _blocks;

    [ComponentName(Name = "conv1")]
    private readonly Conv2d _patches;

    [ComponentName(Name = "ln_pre")]
    private readonly LayerNorm _firstNorm;

    [ComponentName(Name = "ln_post")]
    private readonly LayerNorm _lastNorm;

    /// <param name="tower">The teacher.</param>
    /// <param name="size">Of the images; the positions belong to it.</param>
    public TokenDecoder(TransformerArchitecture tower, InputSize size) : base(nameof(TokenDecoder))
    {
        var positions = size.Width / tower.PatchSize * (size.Height / tower.PatchSize);
        _patches = Conv2d(3, tower.Width, tower.PatchSize, stride: tower.PatchSize, bias: false);
        (_firstNorm, _lastNorm) = (LayerNorm(tower.Width), LayerNorm(tower.Width));
        _blocks = [.. Enumerable.Range(0, tower.Depth / 2).Select(_ => new TransformerBlock(tower.Width, tower.Heads, tower.ExactGelu))];
        register_parameter("class_embedding", new Parameter(zeros(tower.Width)));
        register_parameter(Positions, new Parameter(zeros(1 + positions, tower.Width)));
        register_parameter("proj", new Parameter(zeros(tower.Width, tower.Projection)));
        RegisterComponents();
        register_module("transformer", Sequential(("resblocks", Sequential(_blocks))));
    }

    /// <summary>Draws the initial weights.</summary>
    public void Draw(MasterSeed seed, string owner) => VisionTransformer.Draw(this, seed, owner);

    /// <summary>The levels, (N, C, h, w) each, after a third, two thirds and all of the blocks.</summary>
    /// <param name="code">(N, C, h, w).</param>
    public override Tensor[] forward(Tensor code)
    {
        using var scope = NewDisposeScope();
        var positions = get_parameter(Positions)!;
        var tokens = _firstNorm.call(code.flatten(2).transpose(1, 2) + positions.narrow(0, 1, positions.shape[0] - 1));
        var levels = new Tensor[3];
        for (var level = 0; level < levels.Length; level++)
        {
            for (var block = level * _blocks.Length / 3; block < (level + 1) * _blocks.Length / 3; block++)
                tokens = _blocks[block].call(tokens);
            levels[level] = tokens.transpose(1, 2).reshape(code.shape).MoveToOuterDisposeScope();
        }
        return levels;
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue[] Export(OnnxValue code)
    {
        using var scope = NewDisposeScope();
        var positions = get_parameter(Positions)!;
        var tokens = _firstNorm.Apply(
            code.Reshape(1, code.Shape[1], -1).Transpose(0, 2, 1) + code.Graph.Tensor(positions.narrow(0, 1, positions.shape[0] - 1)));
        var levels = new OnnxValue[3];
        for (var level = 0; level < levels.Length; level++)
        {
            for (var block = level * _blocks.Length / 3; block < (level + 1) * _blocks.Length / 3; block++)
                tokens = _blocks[block].Export(tokens);
            levels[level] = tokens.Transpose(0, 2, 1).Reshape(code.Shape);
        }
        return levels;
    }
}
