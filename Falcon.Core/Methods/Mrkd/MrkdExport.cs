using Falcon.Onnx;
using static TorchSharp.torch;

namespace Falcon.Methods;

internal sealed partial class MrkdNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        OnnxValue[] teacher = [.. MrkdOptions.Taps.Select(tap => input[tap])];
        var levels = Student.Export(Bottleneck.Export(teacher[0], teacher[1], teacher[2]));
        var masks = TestMasks([.. teacher.Select(level => (level.Shape[2], level.Shape[3]))], CPU);
        var maps = masks.Select(mask => DistanceMaps.Sum(teacher.Zip(Student.Generate(levels, mask), FeatureDistance.Cosine), _options.InputSize, alignCorners: true));
        return new(GaussianSmoothing.Of(maps.Aggregate((a, b) => a + b) / masks.Length, _options.Smoothing, _options.SmoothingSigma));
    }
}
