using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class FdslNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        if (_windows is not null)
            throw NotExported("each photo's local windows are compared with others chosen by it, which no fixed graph does", "Train it with windows=none.");
        var taps = _taps.Select((tap, i) => Probability(i, input[tap])).ToArray();
        var scale = _options.MapSide / (double)_options.InputSize.Shorter;
        var (height, width) = ((long)Math.Round(_options.InputSize.Height * scale), (long)Math.Round(_options.InputSize.Width * scale));
        var map = taps.Select(tap => DistanceMaps.Enlarge(tap, height, width, alignCorners: true)).Aggregate((a, b) => a + b) / taps.Length;
        var score = taps.Select(tap => tap.Largest()).Aggregate((a, b) => a + b) / taps.Length;
        return new(map, (score + map.Largest()) / 2);
    }

    /// <summary>The probability of a defect at each patch, (1, h, w).</summary>
    private OnnxValue Probability(int tap, OnnxValue features)
    {
        using var scope = TorchSharp.torch.NewDisposeScope();
        var memory = Kept($"{tap}").to(TorchSharp.torch.ScalarType.Float32);
        var (graph, patches) = (features.Graph, FeatureDistance.Unit(features).Rows());
        var nearest = graph.Tensor(memory).Gather(0, patches.MatMul(graph.Tensor(memory.t() * -1)).ArgMin());
        var probabilities = Head.Classify(tap, (patches - nearest).Abs(), features.Shape[2]);
        var aggregated = _options.NeighbourAggregation ? Head.Export(probabilities) : probabilities;
        return aggregated.Narrow(1, 1, 1).Reshape(1, features.Shape[2], features.Shape[3]);
    }
}
