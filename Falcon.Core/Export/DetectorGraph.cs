using Falcon.Detection;
using Falcon.Methods;
using Falcon.Onnx;
using Falcon.Protocol;
using static TorchSharp.torch;

namespace Falcon.Export;

/// <summary>The graph of a detector: from the pixels of one input to its map and its score.</summary>
internal static class DetectorGraph
{
    /// <summary>The names of input and outputs.</summary>
    public const string Image = "image", Map = "map", Score = "score", OwnMap = "own_map";

    private const float White = 255;

    /// <summary>Input <see cref="Image"/>: (1, H, W, 3) uint8, RGB. Outputs <see cref="Map"/>: (1, H, W) float32; <see cref="Score"/>: (1) float32; and, where the method's
    /// own resolution is another, <see cref="OwnMap"/>: (1, h, w) float32.</summary>
    /// <exception cref="InvalidInputException">The detector cannot be written so; the reason is named.</exception>
    public static OnnxBuilder Of(Detector detector)
    {
        var (method, network) = (detector.Card.Method, detector.Network);
        var preprocessing = method.Preprocessing;
        if (Fault(method, network) is { } fault)
            throw new InvalidInputException([fault]);
        using var scope = NewDisposeScope();
        using var frozen = no_grad();
        var graph = new OnnxBuilder();
        var image = graph.Input(Image, OnnxType.UInt8, 1, preprocessing.Height, preprocessing.Width, 3);
        var pixels = (image.ToFloat().Transpose(0, 3, 1, 2) / White - Channels(preprocessing.Mean)) / Channels(preprocessing.Deviation);
        var taps = network.Needs.Taps;
        var features = taps.Zip(network.Teacher.Export(pixels, taps)).ToDictionary(pair => pair.First, pair => pair.Second);
        var (own, score) = network.Export(new OnnxInput(pixels, features));
        var map = DistanceMaps.Enlarge(own, preprocessing.Height, preprocessing.Width);
        graph.Output(Map, map);
        graph.Output(Score, method.ImageScore is ImageScoreReducer.Own ? score! : map.Largest());
        if (own != map)
            graph.Output(OwnMap, own);
        return graph;

        OnnxValue Channels(float[] values) => graph.Tensor(tensor(values, [3, 1, 1], device: CPU));
    }

    private static Finding? Fault(MethodOptions method, AnomalyNetwork network)
    {
        if (network.Needs.Preparation is not null)
            return new("its network reads more of an image than its pixels", method.DisplayName, "Predict with Falcon itself.");
        if (method.ImageScore is not (ImageScoreReducer.Maximum or ImageScoreReducer.Own))
            return new($"no rule writes its image score '{method.ImageScore}' as ONNX", method.DisplayName, "Score images by the maximum of their maps.");
        return method.ImageScore is ImageScoreReducer.Own && method.RegionOfInterest is not null
            ? new("its own image score looks at the region of interest alone, and the file would look at all", method.DisplayName, "Train it without a region of interest.")
            : null;
    }
}
