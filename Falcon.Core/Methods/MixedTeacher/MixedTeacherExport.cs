using Falcon.Backbones;
using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class MixedTeacherNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        var students = _residual is ReducedResNet reduced ? reduced.Export(input.Pixels) : ((IOnnxNetwork)_residual).Export(input.Pixels, _options.ResidualTaps);
        var residual = DistanceMaps.WeightedSum(_options.ResidualTaps.Zip(students, Half), _options.InputSize);
        var efficient = DistanceMaps.WeightedSum(_options.EfficientTaps.Zip(_efficient.Export(input.Pixels, _options.EfficientTaps), Half), _options.InputSize);
        var map = _options.Form == MixedForm.Paper ? residual * Weights(efficient) : residual + efficient;
        return new(GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma));

        OnnxValue Half(BackboneTap tap, OnnxValue student) => FeatureDistance.OfUnits(
            _options.Form == MixedForm.Paper && tap <= BackboneTap.Logits ? input[tap].AveragePool(2, stride: 2, padding: 0) : input[tap], student) / 2;
    }

    /// <summary>As above, in a graph.</summary>
    private OnnxValue Weights(OnnxValue map)
    {
        long[] along = _options.NormOverPositions ? [1, 2] : [1];
        return map / map.Square().KeptSum(along).Sqrt().AtLeast(1e-12) * (map.KeptMax(1, 2) - map.KeptMin(1, 2));
    }
}
