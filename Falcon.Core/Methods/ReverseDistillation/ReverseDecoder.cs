using Falcon.Backbones;
using Falcon.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>The encoder run backwards: from the code to features like those of layer1, layer2 and layer3, in this order (specification, section 3). Names:
/// <c>layer1</c> (gives layer3's features), <c>layer2</c>, <c>layer3</c>.</summary>
internal class ReverseDecoder : nn.Module<Tensor, Tensor[]>
{
    private readonly Sequential[] _layers;

    public ReverseDecoder(ResNetArchitecture architecture) : base(nameof(ReverseDecoder))
    {
        _layers = [.. Enumerable.Range(0, 3).Select(i =>
        {
            var layer = BackboneTap.Layer3 - i;
            return UpsamplingBlock.Layer(architecture, layer, architecture.Channels(layer + 1), architecture.Blocks[i]);
        })];
        for (var i = 0; i < _layers.Length; i++)
            register_module($"layer{i + 1}", _layers[i]);
    }

    public override Tensor[] forward(Tensor code)
    {
        var third = _layers[0].call(code);
        var second = _layers[1].call(third);
        return [_layers[2].call(second), second, third];
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue[] Export(OnnxValue code)
    {
        var third = _layers[0].Apply(code);
        var second = _layers[1].Apply(third);
        return [_layers[2].Apply(second), second, third];
    }
}
