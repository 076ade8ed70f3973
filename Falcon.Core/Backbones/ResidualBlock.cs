using Falcon.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>Two or three convolutions beside a shortcut, summed, then ReLU. Names: <c>conv1</c>, <c>bn1</c>, …, <c>downsample.0</c>, <c>downsample.1</c>.</summary>
internal sealed class ResidualBlock : Module<Tensor, Tensor>, IOnnxModule
{
    private readonly List<ConvolutionUnit> _units = [];
    private readonly ConvolutionUnit? _shortcut;

    /// <param name="architecture">The network.</param>
    /// <param name="layer">Layer1 to Layer4.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="folded">Convolutions with a bias in place of convolutions followed by a batch norm.</param>
    public ResidualBlock(ResNetArchitecture architecture, BackboneTap layer, int inputs, int stride, bool folded) : base(nameof(ResidualBlock))
    {
        foreach (var (input, output, kernel, step) in architecture.Convolutions(layer, inputs, stride))
        {
            var unit = new ConvolutionUnit(input, output, kernel, step, folded);
            _units.Add(unit);
            register_module($"conv{_units.Count}", unit.Convolution);
            if (unit.Norm is not null)
                register_module($"bn{_units.Count}", unit.Norm);
        }
        var outputs = architecture.Channels(layer);
        if (stride == 1 && inputs == outputs)
            return;
        _shortcut = new ConvolutionUnit(inputs, outputs, 1, stride, folded);
        Module<Tensor, Tensor>[] parts = _shortcut.Norm is null ? [_shortcut.Convolution] : [_shortcut.Convolution, _shortcut.Norm];
        register_module("downsample", Sequential(parts));
    }

    /// <summary>The blocks of a layer, the first of which changes channels and size.</summary>
    /// <param name="architecture">The network.</param>
    /// <param name="layer">Layer1 to Layer4.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="stride">Of the first block.</param>
    /// <param name="blocks">Blocks in all.</param>
    /// <param name="folded">Convolutions with a bias in place of convolutions followed by a batch norm.</param>
    public static IEnumerable<ResidualBlock> Layer(
        ResNetArchitecture architecture, BackboneTap layer, int inputs, int stride, int blocks, bool folded = false) =>
        Enumerable.Range(0, blocks).Select(i => i == 0
            ? new ResidualBlock(architecture, layer, inputs, stride, folded)
            : new ResidualBlock(architecture, layer, architecture.Channels(layer), 1, folded));

    /// <summary>Every convolution with its norm, the shortcut's last.</summary>
    public IEnumerable<ConvolutionUnit> Units => _shortcut is null ? _units : _units.Append(_shortcut);

    /// <inheritdoc/>
    public override Tensor forward(Tensor input) => Sum(input).relu_();

    /// <inheritdoc/>
    public OnnxValue Export(OnnxValue input) => Sum(input).Relu();

    /// <summary>As below, in a graph.</summary>
    public OnnxValue Sum(OnnxValue input)
    {
        var x = input;
        for (var i = 0; i < _units.Count; i++)
        {
            x = _units[i].Export(x);
            if (i < _units.Count - 1)
                x = x.Relu();
        }
        return x + (_shortcut?.Export(input) ?? input);
    }

    /// <summary>The result before the closing ReLU.</summary>
    public Tensor Sum(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        for (var i = 0; i < _units.Count; i++)
        {
            x = _units[i].Apply(x);
            if (i < _units.Count - 1)
                x.relu_();
        }
        x.add_(_shortcut is null ? input : _shortcut.Apply(input));
        return x.MoveToOuterDisposeScope();
    }
}
