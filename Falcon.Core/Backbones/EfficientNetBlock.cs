using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Backbones;

/// <summary>An inverted residual block with squeeze and excitation (Tan and Le, ICML 2019), or, without expansion, a depthwise-separable one, with timm's names.</summary>
internal sealed class EfficientNetBlock : Module<Tensor, Tensor>, IOnnxModule
{
    private readonly List<(Conv2d Convolution, BatchNorm2d Norm)> _units = [];

    [ComponentName(Name = "se")]
    private readonly Squeeze _attention;

    private readonly bool _residual;

    /// <param name="inputs">Input channels.</param>
    /// <param name="outputs">Output channels.</param>
    /// <param name="kernel">Of the depthwise convolution.</param>
    /// <param name="stride">1 or 2.</param>
    /// <param name="expansion">Inner channels per input channel; 1 for a depthwise-separable block.</param>
    public EfficientNetBlock(int inputs, int outputs, int kernel, int stride, int expansion) : base(nameof(EfficientNetBlock))
    {
        var inner = inputs * expansion;
        _residual = stride == 1 && inputs == outputs;
        if (expansion > 1)
            Add("conv_pw", Conv2d(inputs, inner, 1, bias: false), inner);
        Add("conv_dw", Conv2d(inner, inner, kernel, stride: stride, padding: kernel / 2, groups: inner, bias: false), inner);
        register_module("se", _attention = new Squeeze(inner, inputs / 4));
        Add(expansion > 1 ? "conv_pwl" : "conv_pw", Conv2d(inner, outputs, 1, bias: false), outputs);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var x = input;
        foreach (var (convolution, norm) in _units.SkipLast(1))
            x = norm.call(convolution.call(x)).silu();
        x *= _attention.call(x);
        x = _units[^1].Norm.call(_units[^1].Convolution.call(x));
        return (_residual ? x + input : x).MoveToOuterDisposeScope();
    }

    public OnnxValue Export(OnnxValue input)
    {
        var x = _units.SkipLast(1).Aggregate(input, (value, unit) => unit.Norm.Apply(unit.Convolution.Apply(value)).Silu());
        x *= _attention.Export(x);
        x = _units[^1].Norm.Apply(_units[^1].Convolution.Apply(x));
        return _residual ? x + input : x;
    }

    private void Add(string name, Conv2d convolution, int channels)
    {
        var norm = BatchNorm2d(channels);
        _units.Add((convolution, norm));
        register_module(name, convolution);
        register_module($"bn{_units.Count}", norm);
    }

    /// <summary>A weight in (0, 1) for each channel, (N, C, 1, 1), that depends on the means of all channels.</summary>
    private sealed class Squeeze : Module<Tensor, Tensor>
    {
        [ComponentName(Name = "conv_reduce")]
        private readonly Conv2d _reduce;

        [ComponentName(Name = "conv_expand")]
        private readonly Conv2d _expand;

        public Squeeze(int channels, int hidden) : base(nameof(Squeeze))
        {
            _reduce = Conv2d(channels, hidden, 1);
            _expand = Conv2d(hidden, channels, 1);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => _expand.call(_reduce.call(input.mean([2, 3], keepdim: true)).silu()).sigmoid();

        public OnnxValue Export(OnnxValue input) => _expand.Apply(_reduce.Apply(input.KeptMean(2, 3)).Silu()).Sigmoid();
    }
}
