using Falcon.Engine;
using Falcon.Onnx;
using Falcon.Weights;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>A residual network up to its deepest wanted tap, trainable, with torchvision's state-dict names. <see cref="FrozenBackbone"/> is its fast, fixed
/// form.</summary>
/// <remarks><c>call(images, taps)</c>: images (N, 3, H, W) float32, ImageNet-normalised; one tensor (N, C, H / stride, W / stride) per tap, in the order asked
/// for (logits: (N, 1000)). It runs no deeper than the deepest tap asked for.</remarks>
public sealed class ResNet : Module<Tensor, IReadOnlyList<BackboneTap>, Tensor[]>, IPartialNetwork, IOnnxNetwork
{
    private readonly ConvolutionUnit _stem;
    private readonly List<List<ResidualBlock>> _layers = [];

    [ComponentName(Name = "fc")]
    private readonly Linear? _classifier;

    /// <param name="architecture">Which network.</param>
    /// <param name="deepest">Layers beyond it do not exist: neither in memory nor in the state dict.</param>
    public ResNet(ResNetArchitecture architecture, BackboneTap deepest) : this(architecture, deepest, folded: false)
    {
    }

    private ResNet(ResNetArchitecture architecture, BackboneTap deepest, bool folded) : base(architecture.Name)
    {
        using var scope = NewDisposeScope();
        Architecture = architecture;
        Deepest = deepest;
        _stem = new ConvolutionUnit(3, architecture.StemWidth, 7, 2, folded);
        register_module("conv1", _stem.Convolution);
        if (_stem.Norm is not null)
            register_module("bn1", _stem.Norm);
        for (var layer = BackboneTap.Layer1; layer <= BackboneTap.Layer4 && layer <= deepest; layer++)
        {
            var (inputs, stride) = (architecture.Channels(layer - 1), layer == BackboneTap.Layer1 ? 1 : 2);
            var blocks = ResidualBlock.Layer(architecture, layer, inputs, stride, architecture.Blocks[layer - BackboneTap.Layer1], folded).ToList();
            _layers.Add(blocks);
            register_module($"layer{_layers.Count}", Sequential(blocks));
        }
        if (deepest == BackboneTap.Logits)
            _classifier = Linear(architecture.Channels(BackboneTap.Layer4), ResNetArchitecture.Classes);
        RegisterComponents();
        this.Keep();
    }

    /// <summary>Which network.</summary>
    public ResNetArchitecture Architecture { get; }

    /// <summary>The deepest tap it can be asked for.</summary>
    public BackboneTap Deepest { get; }

    /// <inheritdoc/>
    public override Tensor[] forward(Tensor images, IReadOnlyList<BackboneTap> taps)
    {
        if (taps.Count == 0 || taps.Max(tap => tap.Closed()) > Deepest)
            throw new ArgumentException($"Asked for {string.Join(", ", taps)} of a network that ends at {Deepest}.", nameof(taps));
        using var scope = NewDisposeScope();
        var results = new Tensor[taps.Count];
        using var laid = images.ChannelsLast();
        var x = laid;
        foreach (var (tap, steps) in Stages(taps))
        {
            foreach (var step in steps)
            {
                var next = step(x);
                // Tensors are told apart by what they are, not by their numbers.
                if (x != (object)laid && !results.Any(result => ReferenceEquals(result, x)))
                    x.Dispose();
                x = next;
            }
            for (var i = 0; i < taps.Count; i++)
                if (taps[i] == tap)
                    results[i] = x;
        }
        foreach (var result in results)
            result.MoveToOuterDisposeScope();
        return results;
    }

    /// <inheritdoc/>
    OnnxValue[] IOnnxNetwork.Export(OnnxValue images, IReadOnlyList<BackboneTap> taps)
    {
        var last = taps.Max(tap => tap.Closed());
        var results = new Dictionary<BackboneTap, OnnxValue>();
        var x = results[BackboneTap.Stem] = _stem.Export(images).Relu();
        if (last >= BackboneTap.Pool)
            x = results[BackboneTap.Pool] = x.MaxPool(3, stride: 2, padding: 1);
        for (var layer = BackboneTap.Layer1; layer <= BackboneTap.Layer4 && layer <= last; layer++)
        {
            var blocks = _layers[layer - BackboneTap.Layer1];
            x = blocks.SkipLast(1).Aggregate(x, (value, block) => block.Export(value));
            var sum = results[layer.Sum()] = blocks[^1].Sum(x);
            x = results[layer] = sum.Relu();
        }
        if (last == BackboneTap.Logits)
            results[last] = _classifier!.Apply(x.Mean(2, 3));
        return [.. taps.Select(tap => results[tap])];
    }

    /// <summary>Whether a state-dict name belongs to a part of the architecture beyond <see cref="Deepest"/>.</summary>
    bool IPartialNetwork.LeavesOut(string name) => Enum.GetValues<BackboneTap>().Any(tap => tap > Deepest && BelongsTo(tap)(name));

    /// <summary>Whether a state-dict name belongs to the layer that leads to a tap, from layer1 on.</summary>
    internal static Func<string, bool> BelongsTo(BackboneTap tap, string prefix = "")
    {
        var layer = tap switch
        {
            BackboneTap.Stem or BackboneTap.Pool => null,
            BackboneTap.Logits => $"{prefix}fc.",
            _ => $"{prefix}layer{tap - BackboneTap.Pool}.",
        };
        return name => layer is not null && name.StartsWith(layer, StringComparison.Ordinal);
    }

    /// <summary>The same network in evaluation mode with every batch norm folded into the convolution before it.</summary>
    internal ResNet Folded()
    {
        var folded = Unfilled(Architecture, Deepest);
        foreach (var (target, source) in folded.Units.Zip(Units))
            target.Fold(source);
        if (_classifier is not null)
            folded._classifier!.load_state_dict(_classifier.state_dict());
        return folded;
    }

    /// <summary>A frozen network of the folded form whose weights are still to be loaded.</summary>
    internal static ResNet Unfilled(ResNetArchitecture architecture, BackboneTap deepest)
    {
        var network = new ResNet(architecture, deepest, folded: true);
        network.eval();
        foreach (var parameter in network.parameters())
            parameter.requires_grad = false;
        return network;
    }

    private IEnumerable<ConvolutionUnit> Units => _layers.SelectMany(blocks => blocks).SelectMany(block => block.Units).Prepend(_stem);

    /// <summary>The way to the deepest of some taps; the sum before a layer's closing ReLU is on it where it is asked for.</summary>
    private IEnumerable<(BackboneTap Tap, IEnumerable<Func<Tensor, Tensor>> Steps)> Stages(IReadOnlyList<BackboneTap> taps)
    {
        var last = taps.Max(tap => tap.Closed());
        for (var tap = BackboneTap.Stem; tap <= last; tap++)
        {
            if (tap is < BackboneTap.Layer1 or BackboneTap.Logits || !taps.Contains(tap.Sum()))
            {
                yield return (tap, Steps(tap));
                continue;
            }
            yield return (tap.Sum(), Steps(tap).SkipLast(1).Append(_layers[tap - BackboneTap.Layer1][^1].Sum));
            if (tap < last || taps.Contains(tap))
                yield return (tap, [x => x.relu()]);
        }
    }

    /// <summary>What leads from the tap before to this one; every step gives a new tensor.</summary>
    private IEnumerable<Func<Tensor, Tensor>> Steps(BackboneTap tap) => tap switch
    {
        BackboneTap.Stem => [x => _stem.Apply(x).relu_()],
        BackboneTap.Pool => [x => functional.max_pool2d(x, 3, stride: 2, padding: 1)],
        BackboneTap.Logits => [x => x.mean([2, 3]), _classifier!.call],
        _ => _layers[tap - BackboneTap.Layer1].Select(block => (Func<Tensor, Tensor>)block.call),
    };
}
