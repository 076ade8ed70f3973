using Falcon.Backbones;
using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class ReverseDistillationNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        OnnxValue[] teacher = [.. ReverseDistillationOptions.Taps.Select(tap => input[tap])];
        var student = Student.Export(Bottleneck.Export(input[BackboneTap.Layer1], input[BackboneTap.Layer2], input[BackboneTap.Layer3]));
        var size = _options.InputSize;
        var map = _options.Map switch
        {
            ReverseDistillationMap.WeightedSum => DistanceMaps.WeightedSum(teacher.Zip(student, (a, b) => FeatureDistance.OfUnits(a, b) / 2), size),
            ReverseDistillationMap.CosineSum => Cosines().Aggregate((a, b) => a + b),
            _ => Cosines().Aggregate((a, b) => a * b),
        };
        return new(GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma));

        IEnumerable<OnnxValue> Cosines() => teacher.Zip(student, (a, b) => DistanceMaps.Enlarge(FeatureDistance.Cosine(a, b), size, alignCorners: true));
    }
}
