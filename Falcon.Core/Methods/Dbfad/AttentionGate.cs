using Falcon.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>Rectified convolutions of which the last one's softmax weighs the first one's output: with two convolutions DBFAD's attention, with three the gate of a
/// residual connection. Names <c>conv1</c>, <c>conv2</c>, ….</summary>
internal sealed class AttentionGate : Module<Tensor, Tensor>, IOnnxModule
{
    private readonly GateAxis _axis;
    private readonly Module<Tensor, Tensor>[] _convolutions;

    public AttentionGate(int channels, int kernel, int convolutions, GateAxis axis) : base(nameof(AttentionGate))
    {
        _axis = axis;
        _convolutions = [.. Enumerable.Range(0, convolutions).Select(_ => Conv2d(channels, channels, kernel, padding: kernel / 2))];
        for (var i = 0; i < convolutions; i++)
            register_module($"conv{i + 1}", _convolutions[i]);
    }

    public override Tensor forward(Tensor input)
    {
        var first = _convolutions[0].call(input).relu();
        var last = _convolutions[1..^1].Aggregate(first, (x, convolution) => convolution.call(x).relu());
        return _axis.Softmax(_convolutions[^1].call(last)) * first;
    }

    public OnnxValue Export(OnnxValue input)
    {
        var first = _convolutions[0].Apply(input).Relu();
        var last = _convolutions[1..^1].Aggregate(first, (x, convolution) => convolution.Apply(x).Relu());
        return _axis.Softmax(_convolutions[^1].Apply(last)) * first;
    }
}
