using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class DbfadNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        OnnxValue[] teacher = [.. DbfadOptions.Taps.Select(tap => input[tap])];
        var distances = teacher.Zip(Student.Export(teacher), (a, b) => FeatureDistance.OfUnits(a, b) / 2);
        var map = _options.EqualLayers ? DistanceMaps.Sum(distances, _options.InputSize) : DistanceMaps.WeightedSum(distances, _options.InputSize);
        return new(GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma));
    }
}
