using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class PcsNetNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        var description = Adaptor.Descriptor.Export(PcsNetOptions.Taps.Select(tap => input[tap].LeakyRelu(Slope)));
        var nearest = Adaptor.Nearest(description, Neighbours).Transpose(0, 2, 1).Reshape(1, Neighbours, _options.Grid, _options.Grid);
        var map = Segmentation.Map(description.Narrow(1, 0, _channels), nearest, _options.InputSize.Height, _options.InputSize.Width);
        return new(GaussianSmoothing.Of(map, _options.Smoothing, _options.SmoothingSigma));
    }
}
