using Falcon.Onnx;

namespace Falcon.Methods;

internal sealed partial class AandNetwork
{
    internal override OnnxDetection Export(OnnxInput input)
    {
        OnnxValue[] advanced = [.. Needs.Taps.Select((tap, level) => Amplification.Levels[level].Export(input[tap]))];
        var code = Bottleneck is TokenBottleneck tokens
            ? tokens.Export(advanced[0], advanced[1], advanced[2])
            : ((OneClassBottleneck)Bottleneck).Export(advanced[0], advanced[1], advanced[2]);
        var restored = Student is TokenDecoder decoder ? decoder.Export(code) : ((ReverseDecoder)Student).Export(code);
        return new(_options.MapOf(advanced, restored));
    }
}
