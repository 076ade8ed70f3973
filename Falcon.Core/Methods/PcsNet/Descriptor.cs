using Falcon.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>Adapts the teacher's features: each level is squeezed where parts lie at any angle, averaged over its neighbours and mixed with its place; all levels at one
/// size are one description of each position (specification, section 3.1).</summary>
internal sealed class Descriptor : Module<IReadOnlyList<Tensor>, Tensor>
{
    private readonly Module<Tensor, Tensor>[] _squeezes;
    private readonly CoordinateLayer[] _layers;
    private readonly bool _rotating;
    private readonly int _grid;

    /// <param name="channels">Of each level.</param>
    /// <param name="rotating">Whether parts lie at any angle.</param>
    /// <param name="grid">Rows and columns of the description.</param>
    public Descriptor(IReadOnlyList<int> channels, bool rotating, int grid) : base(nameof(Descriptor))
    {
        (_rotating, _grid) = (rotating, grid);
        _squeezes = [.. channels.Select((count, level) => Squeeze(count, level == 0 ? "" : $"_{level}"))];
        _layers = [.. channels.Select(count => new CoordinateLayer(rotating ? count / 2 : count))];
        foreach (var (level, layer) in _layers.Index())
            register_module($"layer_{level + 1}", layer);
    }

    /// <summary>The description of each position, (N, D, grid, grid).</summary>
    public override Tensor forward(IReadOnlyList<Tensor> levels)
    {
        using var scope = NewDisposeScope();
        var described = levels.Select((level, i) => interpolate(
            _layers[i].call(avg_pool2d(_rotating ? _squeezes[i].call(level) : level, 3, stride: 1, padding: 1)),
            [_grid, _grid], mode: InterpolationMode.Bilinear, align_corners: false));
        return cat([.. described], dim: 1).MoveToOuterDisposeScope();
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue Export(IEnumerable<OnnxValue> levels) => levels.Select((level, i) =>
        _layers[i].Export((_rotating ? _squeezes[i].Apply(level) : level).AveragePool(3, stride: 1, padding: 1)).Bilinear(_grid, _grid)).ToArray().Concat(axis: 1);

    /// <summary>Three convolutions to half the channels. The last norm is in the state dict alone, as are all of them where parts do not turn.</summary>
    private Sequential Squeeze(int channels, string suffix)
    {
        var half = channels / 2;
        Conv2d[] convolutions = [Conv2d(channels, half, 1, bias: false), Conv2d(half, half, 1, bias: false), Conv2d(half, half, 1, bias: false)];
        BatchNorm2d[] norms = [BatchNorm2d(half), BatchNorm2d(half), BatchNorm2d(half)];
        for (var i = 0; i < 3; i++)
        {
            register_module($"conv{i + 1}{suffix}", convolutions[i]);
            register_module($"bn{i + 1}{suffix}", norms[i]);
        }
        return Sequential(convolutions[0], norms[0], ReLU(), convolutions[1], norms[1], ReLU(), convolutions[2]);
    }
}
