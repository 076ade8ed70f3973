using Falcon.Backbones;
using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A residual block run backwards: it doubles height and width by a transposed 2×2 convolution, in the main path and in the shortcut (Deng and Li,
/// CVPR 2022). Names: <c>conv1</c>, <c>bn1</c>, …, <c>upsample.0</c>, <c>upsample.1</c>.</summary>
internal sealed class UpsamplingBlock : Module<Tensor, Tensor>, IOnnxModule
{
    private readonly List<(Module<Tensor, Tensor> Convolution, BatchNorm2d Norm)> _units = [];

    [ComponentName(Name = "upsample")]
    private readonly Sequential _upsample;

    /// <param name="architecture">Says whether it is a basic block or a bottleneck.</param>
    /// <param name="layer">The layer of the encoder whose channels come out.</param>
    /// <param name="inputs">Input channels.</param>
    public UpsamplingBlock(ResNetArchitecture architecture, BackboneTap layer, int inputs) : base(nameof(UpsamplingBlock))
    {
        var outputs = architecture.Channels(layer);
        foreach (var (input, output, kernel, stride) in architecture.Convolutions(layer, inputs, stride: 2))
        {
            Module<Tensor, Tensor> convolution = stride == 2 ? Doubling(input, output) : Conv2d(input, output, kernel, padding: kernel / 2, bias: false);
            var norm = BatchNorm2d(output);
            _units.Add((convolution, norm));
            register_module($"conv{_units.Count}", convolution);
            register_module($"bn{_units.Count}", norm);
        }
        _upsample = Sequential(Doubling(inputs, outputs), BatchNorm2d(outputs));
        RegisterComponents();
    }

    /// <summary>Block 0 that doubles the size and ordinary blocks after it, named <c>0</c>, <c>1</c>, ….</summary>
    /// <param name="architecture">The encoder's.</param>
    /// <param name="layer">The layer of the encoder whose channels come out.</param>
    /// <param name="inputs">Input channels.</param>
    /// <param name="blocks">Blocks in all.</param>
    public static Sequential Layer(ResNetArchitecture architecture, BackboneTap layer, int inputs, int blocks)
    {
        var ordinary = ResidualBlock.Layer(architecture, layer, architecture.Channels(layer), 1, blocks - 1);
        return Sequential([new UpsamplingBlock(architecture, layer, inputs), .. ordinary]);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        for (var i = 0; i < _units.Count; i++)
        {
            x = _units[i].Norm.call(_units[i].Convolution.call(x));
            if (i < _units.Count - 1)
                x = x.relu();
        }
        return (x + _upsample.call(input)).relu().MoveToOuterDisposeScope();
    }

    public OnnxValue Export(OnnxValue input)
    {
        var x = input;
        for (var i = 0; i < _units.Count; i++)
        {
            x = _units[i].Norm.Apply(_units[i].Convolution.Apply(x));
            if (i < _units.Count - 1)
                x = x.Relu();
        }
        return (x + _upsample.Apply(input)).Relu();
    }

    private static ConvTranspose2d Doubling(int inputs, int outputs) => ConvTranspose2d(inputs, outputs, 2, stride: 2, bias: false);
}
