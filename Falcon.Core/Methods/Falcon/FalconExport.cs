using Falcon.Backbones;
using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class FalconNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        var (f2, f3) = (input[BackboneTap.Layer2], input[BackboneTap.Layer3]);
        var (student, autoencoder) = (Student.Export(f2), Autoencoder.Export(f2));
        var fused = Fusion.Export(new[] { student, autoencoder }.Concat(axis: 1));
        var detected = Detector.Export(new[] { fused, f3 }.Concat(axis: 1));
        var map = Error(student) * 0.3 + Error(autoencoder) * 0.3 + detected.Reshape(1, f3.Shape[2], f3.Shape[3]) * 0.2 + Error(fused) * 0.2;
        return new(_options.MapPadding == 0 ? map : map.Pad(_options.MapPadding));

        OnnxValue Error(OnnxValue prediction) => (f3 - prediction).Square().Mean(1);
    }
}
