using Falcon.Onnx;

namespace Falcon.Methods;

public abstract partial class FittedNetwork
{
    internal sealed override OnnxDetection Export(OnnxInput input)
    {
        var distances = ExportDistances(ExportEmbedding(input));
        var smoothing = options.SmoothingSigma > 0 ? SmoothingKind.TwoDimensional : SmoothingKind.None;
        return new(GaussianSmoothing.Of(DistanceMaps.Enlarge(distances, options.InputSize), smoothing, options.SmoothingSigma), ExportScore(distances));
    }

    /// <summary>As <see cref="Embed"/>, in a graph.</summary>
    private protected virtual OnnxValue ExportEmbedding(OnnxInput features) =>
        throw NotExported("its network does not say how it is written as ONNX", "Predict with Falcon itself.");

    /// <summary>As <see cref="Distances"/>, in a graph: (1, h, w) for (1, D, h, w).</summary>
    private protected virtual OnnxValue ExportDistances(OnnxValue embedding) =>
        throw NotExported("its network does not say how it is written as ONNX", "Predict with Falcon itself.");

    /// <summary>As <see cref="Scores"/>, in a graph: (1), or null.</summary>
    private protected virtual OnnxValue? ExportScore(OnnxValue distances) => null;
}
