using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>Context-aware segmentation: a pyramid over descriptions and distances that gives the map (specification, section 3.2).</summary>
internal sealed class SegmentationNetwork : Module
{
    /// <summary>The share of channels that the last dropout keeps.</summary>
    public const double Kept = 0.9;

    private readonly Sequential[] _join, _pass, _refine;

    [ComponentName(Name = "res1")]
    private readonly Sequential _merge;

    [ComponentName(Name = "res2")]
    private readonly Sequential _mergeRefine;

    [ComponentName(Name = "cls")]
    private readonly Sequential _map;

    private readonly int[] _bins;

    /// <param name="channels">Of the guide and within.</param>
    /// <param name="distances">To how many prototypes.</param>
    /// <param name="bins">Rows and columns of the pyramid's levels.</param>
    public SegmentationNetwork(int channels, int distances, PyramidBins bins) : base(nameof(SegmentationNetwork))
    {
        _bins = [bins.First, bins.Second, bins.Third, bins.Fourth];
        _join = List("corr_conv", 4, () => Sequential(Convolution(channels + distances, channels, 1), ReLU()));
        _pass = List("alpha_conv", 3, () => Sequential(Convolution(2 * channels, channels, 1), ReLU()));
        _refine = List("beta_conv", 4, () => Refinement(channels));
        _merge = Sequential(Convolution(4 * channels, channels, 1), ReLU());
        _mergeRefine = Refinement(channels);
        _map = Classifier(channels);
        RegisterComponents();

        // In the public code's network, whose results it drops.
        List("inner_cls", 4, () => Classifier(channels));
    }

    /// <summary>The map, (N, height, width).</summary>
    /// <param name="guide">Descriptions, (N, C, grid, grid).</param>
    /// <param name="distances">(N, K, grid, grid).</param>
    /// <param name="height">Of the map.</param>
    /// <param name="width">Of the map.</param>
    /// <param name="keep">(N, C), 1 for the channels that the last dropout keeps and 0 for others; null without dropout.</param>
    public Tensor Map(Tensor guide, Tensor distances, long height, long width, Tensor? keep)
    {
        using var scope = NewDisposeScope();
        var (rows, columns) = (guide.shape[2], guide.shape[3]);
        var levels = new List<Tensor>();
        foreach (var (i, bin) in _bins.Index())
        {
            var level = _join[i].call(cat([adaptive_avg_pool2d(guide, [bin, bin]), Resize(distances, bin, bin)], dim: 1));
            if (i > 0)
                level += _pass[i - 1].call(cat([level, Resize(levels[^1], bin, bin)], dim: 1));
            levels.Add(Resize(level + _refine[i].call(level), rows, columns));
        }
        var merged = _merge.call(cat(levels, dim: 1));
        var last = _map[1].call(_map[0].call(merged + _mergeRefine.call(merged)));
        if (keep is not null)
            last *= (keep / Kept).to(last.dtype).unsqueeze(2).unsqueeze(3);
        return Resize(_map[3].call(last), height, width).squeeze(1).MoveToOuterDisposeScope();
    }

    /// <summary>As above without dropout, in a graph.</summary>
    public OnnxValue Map(OnnxValue guide, OnnxValue distances, long height, long width)
    {
        var (rows, columns) = (guide.Shape[2], guide.Shape[3]);
        var levels = new List<OnnxValue>();
        foreach (var (i, bin) in _bins.Index())
        {
            var level = _join[i].Apply(new[] { guide.AdaptiveMean(bin, bin), Resize(distances, bin, bin) }.Concat(axis: 1));
            if (i > 0)
                level += _pass[i - 1].Apply(new[] { level, Resize(levels[^1], bin, bin) }.Concat(axis: 1));
            levels.Add(Resize(level + _refine[i].Apply(level), rows, columns));
        }
        var merged = _merge.Apply(levels.Concat(axis: 1));
        return Resize(_map.Apply(merged + _mergeRefine.Apply(merged)), height, width).Reshape(1, height, width);

        OnnxValue Resize(OnnxValue values, long height, long width) => values.Bilinear(height, width, alignCorners: true);
    }

    private static Tensor Resize(Tensor values, long height, long width) =>
        interpolate(values, [height, width], mode: InterpolationMode.Bilinear, align_corners: true);

    private static Conv2d Convolution(int inputs, int outputs, int kernel) => Conv2d(inputs, outputs, kernel, padding: kernel / 2, bias: false);

    private static Sequential Refinement(int channels) =>
        Sequential(Convolution(channels, channels, 3), ReLU(), Convolution(channels, channels, 3), ReLU());

    private static Sequential Classifier(int channels) => Sequential(Convolution(channels, channels, 3), ReLU(), Identity(), Conv2d(channels, 1, 1));

    private Sequential[] List(string name, int count, Func<Sequential> make)
    {
        Sequential[] modules = [.. Enumerable.Range(0, count).Select(_ => make())];
        register_module(name, ModuleList(modules));
        return modules;
    }
}
