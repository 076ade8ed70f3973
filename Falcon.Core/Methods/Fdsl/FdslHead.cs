using Falcon.Onnx;
using Falcon.Weights;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>What FDSL trains: one classifier of residuals for each tap, and one neighbour aggregation for all (specification, section 3). The names are those of the
/// published checkpoints, whose switched-off modules are left out.</summary>
internal sealed class FdslHead : Module<Tensor, Tensor>, IPartialNetwork, IOnnxModule
{
    private static readonly string[] SwitchedOff = ["rAttn.", "zeroClsModule.", "adapterList.", "resfus."];

    [ComponentName(Name = "clsList")]
    private readonly ModuleList<ScoreClassifier> _classifiers;

    [ComponentName(Name = "convRes")]
    private readonly NeighbourAggregation _aggregation = new();

    /// <param name="taps">The number of taps.</param>
    /// <param name="channels">Channels of the tower's features.</param>
    public FdslHead(int taps, int channels) : base(nameof(FdslHead))
    {
        _classifiers = ModuleList([.. Enumerable.Range(0, taps).Select(_ => new ScoreClassifier(channels))]);
        RegisterComponents();
    }

    /// <summary>The probabilities after aggregation; (N, 2, h, w) in and out.</summary>
    public override Tensor forward(Tensor probabilities) => _aggregation.call(probabilities);

    /// <summary>How likely each patch is none and one of a defect, by itself: c_l of the specification.</summary>
    /// <param name="tap">The index of the tap.</param>
    /// <param name="residuals">(N, h·w, C) float32, at least 0, row after row.</param>
    /// <param name="rows">h.</param>
    /// <returns>(N, 2, h, w).</returns>
    public Tensor Classify(int tap, Tensor residuals, long rows)
    {
        var (images, patches) = (residuals.shape[0], residuals.shape[1]);
        var scores = _classifiers[tap].call(residuals.reshape(images * patches, -1));
        return scores.reshape(images, rows, patches / rows, 2).permute(0, 3, 1, 2);
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue Export(OnnxValue probabilities) => _aggregation.Export(probabilities);

    /// <summary>As <see cref="Classify(int, Tensor, long)"/> of one image, in a graph: (1, 2, h, w) for (h·w, C).</summary>
    public OnnxValue Classify(int tap, OnnxValue residuals, long rows) =>
        _classifiers[tap].Export(residuals).Reshape(1, rows, residuals.Shape[0] / rows, 2).Transpose(0, 3, 1, 2);

    public bool LeavesOut(string name) => SwitchedOff.Any(name.StartsWith);
}
