using Falcon.Onnx;

namespace Falcon.Methods;

public abstract partial class FittedNetwork
{
    internal sealed override OnnxDetection Export(OnnxInput input)
    {
        var distances = Distances(Embed(input));
        var smoothing = options.SmoothingSigma > 0 ? SmoothingKind.TwoDimensional : SmoothingKind.None;
        return new(GaussianSmoothing.Of(DistanceMaps.Enlarge(distances, options.InputSize), smoothing, options.SmoothingSigma), Score(distances));
    }

    /// <summary>As <see cref="Embed(Backbones.TeacherFeatures)"/>, in a graph.</summary>
    private protected virtual OnnxValue Embed(OnnxInput features) =>
        throw NotExported("its network does not say how it is written as ONNX", "Predict with Falcon itself.");

    /// <summary>As <see cref="Distances(TorchSharp.torch.Tensor)"/>, in a graph: (1, h, w) for (1, D, h, w).</summary>
    private protected virtual OnnxValue Distances(OnnxValue embedding) =>
        throw NotExported("its network does not say how it is written as ONNX", "Predict with Falcon itself.");

    /// <summary>As <see cref="Scores"/>, in a graph: (1), or null.</summary>
    private protected virtual OnnxValue? Score(OnnxValue distances) => null;
}
