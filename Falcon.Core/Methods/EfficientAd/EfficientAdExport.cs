using Falcon.Backbones;
using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class EfficientAdNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        var (teacher, student) = (input[BackboneTap.Patches], Student.Describe(input.Pixels));
        if (Autoencoder is null)
        {
            var difference = _options.Normalise ? FeatureDistance.Unit(teacher) - FeatureDistance.Unit(student) : teacher - student;
            var map = DistanceMaps.WeightedSum([(difference.Square() / 2).Sum(1)], _options.InputSize);
            return new(GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma));
        }
        var half = student.Shape[1] / 2;
        var ofStudent = Finished(Living(Statistics.Export(teacher) - student.Narrow(1, 0, half)).Square().Mean(1));
        var ofAutoencoder = Finished(Living(Autoencoder.Export(input.Pixels) - student.Narrow(1, half, half)).Square().Mean(1));
        var combined = Statistics.Combine(ofStudent, ofAutoencoder);
        return new(_options.NormaliseEnlarged ? combined : combined.Pad(Margin));

        OnnxValue Living(OnnxValue features) => _options.DropDeadChannels ? Statistics.Living(features) : features;

        OnnxValue Finished(OnnxValue map) => _options.NormaliseEnlarged ? DistanceMaps.Enlarge(map.Pad(Margin), EnlargedSide) : map;
    }
}
