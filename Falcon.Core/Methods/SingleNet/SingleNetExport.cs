using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class SingleNetNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        var teacher = input[SingleNetOptions.Tap];
        var distance = FeatureDistance.OfUnits(Filtered(teacher), Filtered(Student.Export(teacher))) / 2;
        return new(GaussianSmoothing.Of(DistanceMaps.WeightedSum([distance], _options.InputSize), _options.Smoothing, _options.SmoothingSigma));
    }

    private OnnxValue Filtered(OnnxValue features) =>
        _options.FilterCutoff == 0 ? features : LowPassFilter.Of(features, _options.FilterCutoff, FilterPasses, _options.AbsoluteFilter);
}
