using Falcon.Backbones;

namespace Falcon.Methods;

internal sealed partial class RememberingNormalityNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        var students = _forward?.Export(input.Pixels)
            ?? _backward!.Export(_bottleneck!.Export(input[BackboneTap.Layer1], input[BackboneTap.Layer2], input[BackboneTap.Layer3]));
        var map = DistanceMaps.WeightedSum(Taps.Zip(students, (tap, student) => FeatureDistance.Cosine(student, input[tap])), _options.InputSize);
        return new(GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma));
    }
}
