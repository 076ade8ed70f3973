using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>SSPCAB, the self-supervised predictive convolutional attentive block (Ristea et al., CVPR 2022, arXiv 2111.09099): predicts each position from four
/// corner patches around it while the middle is hidden, then weighs the channels. Input and output (N, C, H, W).</summary>
internal sealed class PredictiveBlock : Module<Tensor, Tensor>, IOnnxModule
{
    private readonly Conv2d[] _corners;

    [ComponentName(Name = "se")]
    private readonly ChannelAttention _attention;

    private readonly int _padding, _offset;
    private readonly bool _rectified;

    /// <param name="channels">C, at least <paramref name="reduction"/>.</param>
    /// <param name="kernel">Side k' of each corner patch.</param>
    /// <param name="dilation">Width d of the hidden ring around the hidden centre.</param>
    /// <param name="reduction">Channels per hidden unit of the attention.</param>
    /// <param name="rectified">Whether a ReLU follows the sum of the four convolutions; anomalib leaves it out.</param>
    /// <exception cref="ArgumentException">There are fewer channels than the reduction.</exception>
    public PredictiveBlock(int channels, int kernel = 1, int dilation = 1, int reduction = 8, bool rectified = true) : base(nameof(PredictiveBlock))
    {
        if (channels < reduction)
            throw new ArgumentException($"{channels} channels leave no hidden unit at a reduction of {reduction}.", nameof(channels));
        (_padding, _offset, _rectified) = (kernel + dilation, kernel + 2 * dilation + 1, rectified);
        _corners = [.. Enumerable.Range(0, 4).Select(_ => Conv2d(channels, channels, kernel))];
        for (var i = 0; i < _corners.Length; i++)
            register_module($"conv{i + 1}", _corners[i]);
        _attention = new ChannelAttention(channels, reduction);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var padded = functional.pad(input, (_padding, _padding, _padding, _padding));
        long near = 0, far = _offset, rows = padded.shape[2] - _offset, columns = padded.shape[3] - _offset;
        (long Row, long Column)[] places = [(near, near), (far, near), (near, far), (far, far)];
        var predicted = places
            .Select((place, i) => _corners[i].call(padded.narrow(2, place.Row, rows).narrow(3, place.Column, columns)))
            .Aggregate((a, b) => a + b);
        return _attention.call(_rectified ? predicted.relu() : predicted).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public OnnxValue Export(OnnxValue input)
    {
        var padded = input.Pad(_padding);
        long near = 0, far = _offset, rows = padded.Shape[2] - _offset, columns = padded.Shape[3] - _offset;
        (long Row, long Column)[] places = [(near, near), (far, near), (near, far), (far, far)];
        var predicted = places
            .Select((place, i) => _corners[i].Apply(padded.Narrow(2, place.Row, rows).Narrow(3, place.Column, columns)))
            .Aggregate((a, b) => a + b);
        return _attention.Export(_rectified ? predicted.Relu() : predicted);
    }

    /// <summary>The block's own loss: the mean squared difference of output and input.</summary>
    public static Tensor Loss(Tensor output, Tensor input) => (output - input).square().mean();

    /// <summary>A map of the block on its own: (N, H, W).</summary>
    public static Tensor Map(Tensor output, Tensor input) => (output - input).square().mean([1]);

    /// <summary>Squeeze and excitation: scales each channel by a number in (0, 1) that depends on the means of all channels.</summary>
    private sealed class ChannelAttention : Module<Tensor, Tensor>
    {
        [ComponentName(Name = "fc1")]
        private readonly Linear _squeeze;

        [ComponentName(Name = "fc2")]
        private readonly Linear _excite;

        public ChannelAttention(int channels, int reduction) : base(nameof(ChannelAttention))
        {
            _squeeze = Linear(channels, channels / reduction);
            _excite = Linear(channels / reduction, channels);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) =>
            input * _excite.call(_squeeze.call(input.mean([2, 3])).relu()).sigmoid().unsqueeze(-1).unsqueeze(-1);

        public OnnxValue Export(OnnxValue input) =>
            input * _excite.Apply(_squeeze.Apply(input.Mean(2, 3)).Relu()).Sigmoid().Reshape(input.Shape[0], -1, 1, 1);
    }
}
