using Falcon.Onnx;

namespace Falcon.Backbones;

/// <summary>A network with taps that says how it is written as ONNX: what its <c>forward</c> computes in evaluation mode.</summary>
internal interface IOnnxNetwork
{
    /// <summary>Adds its operations to the graph of the images.</summary>
    /// <param name="images">(1, 3, H, W) float32, normalised.</param>
    /// <param name="taps">At least one.</param>
    /// <returns>A value for each tap, in the order asked for.</returns>
    OnnxValue[] Export(OnnxValue images, IReadOnlyList<BackboneTap> taps);
}
