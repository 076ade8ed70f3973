using Falcon.Backbones;
using Falcon.Onnx;

namespace Falcon.Methods;

/// <summary>One unchanged image in a graph, as a trained network reads it.</summary>
/// <param name="Pixels">(1, 3, H, W) float32, normalised.</param>
/// <param name="Features">The teacher's features by tap, (1, C, h, w) each.</param>
internal sealed record OnnxInput(OnnxValue Pixels, IReadOnlyDictionary<BackboneTap, OnnxValue> Features)
{
    /// <summary>The features of a tap.</summary>
    public OnnxValue this[BackboneTap tap] => Features[tap];
}

/// <summary>What a network says of one image, in a graph.</summary>
/// <param name="Map">The anomaly map at the method's own resolution, (1, h, w).</param>
/// <param name="Score">The image's score where the method defines it otherwise than by its map, (1); else null.</param>
internal sealed record OnnxDetection(OnnxValue Map, OnnxValue? Score = null);
