using Falcon.Engine;
using Falcon.Onnx;
using Falcon.Randomness;
using Falcon.Weights;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>A vision transformer, trainable, for any input whose sides are multiples of its patch. State-dict names are open_clip's, of DINOv2, too:
/// <c>TransformerWeights</c> translates those of others.</summary>
/// <remarks><c>call(images, taps)</c>: images (N, 3, H, W), normalised with <see cref="TransformerArchitecture.Statistics"/>; per tap one tensor (N, C, H / patch,
/// W / patch) of the patches, without class and register tokens, or (N, D, 1, 1) for the embedding. It runs no deeper than the deepest block asked for.</remarks>
internal sealed class VisionTransformer : Module<Tensor, IReadOnlyList<BackboneTap>, Tensor[]>, IPartialNetwork, IOnnxNetwork
{
    /// <summary>What archives of OpenAI's hold beside the weights, and what training alone needs.</summary>
    private static readonly string[] Unused = ["input_resolution", "context_length", "vocab_size", "mask_token"];

    private const string Class = "class_embedding", Positions = "positional_embedding", Projection = "proj", Registers = "register_tokens";

    [ComponentName(Name = "conv1")]
    private readonly Conv2d _patches;

    [ComponentName(Name = "ln_pre")]
    private readonly LayerNorm? _firstNorm;

    [ComponentName(Name = "ln_post")]
    private readonly LayerNorm _lastNorm;

    private readonly TransformerBlock[] _blocks;

    public VisionTransformer(TransformerArchitecture architecture) : base(architecture.Name)
    {
        using var scope = NewDisposeScope();
        Architecture = architecture;
        var (width, clip) = (architecture.Width, architecture.Family == TransformerFamily.Clip);
        var epsilon = clip ? 1e-5 : 1e-6;
        _patches = Conv2d(3, width, architecture.PatchSize, stride: architecture.PatchSize, bias: !clip);
        _firstNorm = clip ? LayerNorm(width, epsilon) : null;
        _lastNorm = LayerNorm(width, epsilon);
        _blocks = [.. Enumerable.Range(0, architecture.Depth).Select(_ => new TransformerBlock(width, architecture.Heads, architecture.ExactGelu, epsilon, scaled: !clip))];
        register_parameter(Class, new Parameter(zeros(width)));
        register_parameter(Positions, new Parameter(zeros(1 + architecture.Grid * architecture.Grid, width)));
        if (architecture.Projection > 0)
            register_parameter(Projection, new Parameter(zeros(width, architecture.Projection)));
        if (architecture.Registers > 0)
            register_parameter(Registers, new Parameter(zeros(architecture.Registers, width)));
        RegisterComponents();
        register_module("transformer", Sequential(("resblocks", Sequential(_blocks))));
        this.Keep();
    }

    /// <summary>Its shape.</summary>
    public TransformerArchitecture Architecture { get; }

    /// <inheritdoc/>
    bool IPartialNetwork.LeavesOut(string name) => Unused.Contains(name);

    /// <inheritdoc/>
    public override Tensor[] forward(Tensor images, IReadOnlyList<BackboneTap> taps)
    {
        using var scope = NewDisposeScope();
        long height = images.shape[2] / Architecture.PatchSize, width = images.shape[3] / Architecture.PatchSize;
        var depths = taps.Select(BlockOf).ToList();
        var tokens = Tokens(images, depths);
        return [.. taps.Select((tap, i) => tap switch
        {
            BackboneTap.Embedding => Pooled(tokens[i]),
            BackboneTap.Patches => Grid(_lastNorm.call(tokens[i])),
            _ => Grid(tokens[i]),
        }).Select(feature => feature.MoveToOuterDisposeScope())];

        Tensor Grid(Tensor all) => all.narrow(1, all.shape[1] - height * width, height * width).transpose(1, 2).reshape(all.shape[0], Architecture.Width, height, width);
    }

    /// <summary>All tokens after some blocks: class, registers, patches row after row, (N, 1 + R + h·w, C).</summary>
    /// <param name="images">(N, 3, H, W), normalised.</param>
    /// <param name="depths">Blocks, from 1; in any order.</param>
    public Tensor[] Tokens(Tensor images, IReadOnlyList<int> depths)
    {
        if (images.shape[2] % Architecture.PatchSize != 0 || images.shape[3] % Architecture.PatchSize != 0)
            throw new ArgumentException($"{images.shape[3]}×{images.shape[2]} pixels are no multiple of patches of {Architecture.PatchSize}.", nameof(images));
        using var scope = NewDisposeScope();
        var results = new Tensor[depths.Count];
        var x = First(images);
        for (var depth = 1; depth <= depths.Max(); depth++)
        {
            var next = _blocks[depth - 1].call(x);
            if (!results.Any(result => ReferenceEquals(result, x)))
                x.Dispose();
            x = next;
            for (var i = 0; i < depths.Count; i++)
                if (depths[i] == depth)
                    results[i] = x;
        }
        foreach (var result in results)
            result.MoveToOuterDisposeScope();
        return results;
    }

    /// <inheritdoc/>
    OnnxValue[] IOnnxNetwork.Export(OnnxValue images, IReadOnlyList<BackboneTap> taps)
    {
        using var scope = NewDisposeScope();
        var graph = images.Graph;
        var patches = _patches.Apply(images);
        var (height, width, channels) = (patches.Shape[2], patches.Shape[3], (long)Architecture.Width);
        var tokens = new[] { Token(Class), patches.Reshape(1, channels, -1).Transpose(0, 2, 1) }.Concat(axis: 1) + graph.Tensor(PositionsOf((int)height, (int)width));
        if (Architecture.Registers > 0)
            tokens = new[] { tokens.Narrow(1, 0, 1), Token(Registers), tokens.Narrow(1, 1, tokens.Shape[1] - 1) }.Concat(axis: 1);
        var x = _firstNorm?.Apply(tokens) ?? tokens;
        List<OnnxValue> after = [x];
        foreach (var block in _blocks.Take(taps.Max(BlockOf)))
            after.Add(x = block.Export(x));
        return [.. taps.Select(tap => tap switch
        {
            BackboneTap.Embedding => Pooled(after[BlockOf(tap)]),
            BackboneTap.Patches => Grid(_lastNorm.Apply(after[BlockOf(tap)])),
            _ => Grid(after[BlockOf(tap)]),
        })];

        OnnxValue Token(string name) => graph.Tensor(get_parameter(name)!.reshape(1, -1, channels));

        OnnxValue Grid(OnnxValue all) =>
            all.Narrow(1, all.Shape[1] - height * width, height * width).Transpose(0, 2, 1).Reshape(1, channels, height, width);

        OnnxValue Pooled(OnnxValue all)
        {
            var pooled = _lastNorm.Apply(all.Narrow(1, 0, 1).Reshape(1, channels));
            pooled = Architecture.Projection > 0 ? pooled.MatMul(graph.Tensor(get_parameter(Projection)!)) : pooled;
            return pooled.Reshape(1, -1, 1, 1);
        }
    }

    /// <summary>The positions of a grid of patches, (1 + height·width, C), the class token's first.</summary>
    public Tensor PositionsOf(int height, int width) => PositionTable.Resize(get_parameter(Positions)!, Architecture, height, width);

    /// <summary>Draws all weights: layers as PyTorch does, tables normal with variance 1 / width, attention uniform after Glorot.</summary>
    public void Draw(MasterSeed seed, string owner) => Draw(this, seed, owner);

    /// <summary>The same for another module with a transformer's names.</summary>
    public static void Draw(Module module, MasterSeed seed, string owner)
    {
        InitialWeights.PyTorch(module, seed, owner);
        using var frozen = no_grad();
        var width = module.get_parameter(Class)!.shape[0];
        foreach (var (name, parameter) in module.named_parameters())
        {
            using var generator = new Generator(seed.StreamSeed("initial-weights", $"{owner}.{name}"));
            if (name.EndsWith("in_proj_weight", StringComparison.Ordinal))
            {
                var bound = Math.Sqrt(6.0 / parameter.shape.Sum());
                parameter.uniform_(-bound, bound, generator);
            }
            else if (name is Class or Positions or Projection or Registers)
                parameter.normal_(0, 1 / Math.Sqrt(width), generator);
        }
    }

    /// <summary>What enters the first block.</summary>
    private Tensor First(Tensor images)
    {
        using var scope = NewDisposeScope();
        var patches = _patches.call(images);
        long count = patches.shape[0], width = Architecture.Width;
        var rows = cat([get_parameter(Class)!.expand(count, 1, width), patches.flatten(2).transpose(1, 2)], dim: 1);
        var placed = rows + PositionsOf((int)patches.shape[2], (int)patches.shape[3]);
        if (Architecture.Registers > 0)
            placed = cat([placed.narrow(1, 0, 1), get_parameter(Registers)!.expand(count, -1, width), placed.narrow(1, 1, placed.shape[1] - 1)], dim: 1);
        return (_firstNorm?.call(placed) ?? placed).MoveToOuterDisposeScope();
    }

    private Tensor Pooled(Tensor tokens)
    {
        var pooled = _lastNorm.call(tokens.narrow(1, 0, 1).squeeze(1));
        return (Architecture.Projection > 0 ? pooled.matmul(get_parameter(Projection)!) : pooled).unsqueeze(-1).unsqueeze(-1);
    }

    private int BlockOf(BackboneTap tap)
    {
        if (tap is BackboneTap.Embedding or BackboneTap.Patches)
            return Architecture.Depth;
        var block = tap - BackboneTap.Block1 + 1;
        return block >= 1 && block <= Architecture.Depth
            ? block
            : throw new ArgumentException($"Asked for {tap} of {Architecture.Name}, which has {Architecture.Depth} blocks.", nameof(tap));
    }
}
