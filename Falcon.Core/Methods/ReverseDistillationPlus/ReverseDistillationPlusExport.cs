using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class ReverseDistillationPlusNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        OnnxValue[] teacher = [.. ReverseDistillationOptions.Taps.Select(tap => input[tap])];
        var projected = Projections.Export(teacher);
        var restored = Student.Export(Bottleneck.Export(projected[0], projected[1], projected[2]));
        var map = DistanceMaps.Sum(teacher.Zip(restored, FeatureDistance.Cosine), _options.InputSize, alignCorners: true);
        return new(GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma));
    }
}
