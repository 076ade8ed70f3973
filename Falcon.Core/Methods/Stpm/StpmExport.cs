using Falcon.Backbones;
using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class StpmNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        var student = ((IOnnxNetwork)Student).Export(input.Pixels, _taps);
        OnnxValue[] distances = [.. _taps.Select((tap, i) =>
            _options.Normalise ? FeatureDistance.OfUnits(input[tap], student[i]) : FeatureDistance.Squared(input[tap], student[i]))];
        var combined = _options.Combination == MapCombination.Product
            ? DistanceMaps.Enlarge(
                distances.Select(distance => DistanceMaps.Enlarge(distance, distances[0].Shape[1], distances[0].Shape[2])).Aggregate((a, b) => a * b), _options.InputSize)
            : DistanceMaps.WeightedSum(distances.Select(distance => distance / 2), _options.InputSize);
        return new(GaussianSmoothing.Of(combined, _options.Smoothing, _options.SmoothingSigma));
    }
}
