using Falcon.Backbones;
using Falcon.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>The decoder of reverse distillation, of which every layer sees its input joined with what a memory recalls: from the code to features like those of
/// layer1, layer2 and layer3, in this order.</summary>
internal sealed class BackwardMemoryStudent : Module<Tensor, Tensor[]>
{
    private readonly Sequential[] _layers;

    public BackwardMemoryStudent(ResNetArchitecture architecture, int rows, bool isFixed) : base(nameof(BackwardMemoryStudent))
    {
        Memories = [.. Enumerable.Range(0, 3).Select(i => new NormalityMemory(rows, architecture.Channels(BackboneTap.Layer4 - i), isFixed))];
        _layers = [.. Enumerable.Range(0, 3).Select(i =>
        {
            var layer = BackboneTap.Layer3 - i;
            return UpsamplingBlock.Layer(architecture, layer, 2 * architecture.Channels(layer + 1), architecture.Blocks[i]);
        })];
        for (var i = 0; i < 3; i++)
        {
            register_module($"layer{i + 1}", _layers[i]);
            register_module($"memory{i}", Memories[i]);
        }
    }

    /// <summary>Before the first, the second and the third layer: with the channels of the teacher's layer4, layer3 and layer2.</summary>
    public NormalityMemory[] Memories { get; }

    public override Tensor[] forward(Tensor code)
    {
        var third = Decode(0, code);
        var second = Decode(1, third);
        return [Decode(2, second), second, third];

        Tensor Decode(int layer, Tensor x) => _layers[layer].call(cat([x, Memories[layer].call(x)], dim: 1));
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue[] Export(OnnxValue code)
    {
        var third = Decode(0, code);
        var second = Decode(1, third);
        return [Decode(2, second), second, third];

        OnnxValue Decode(int layer, OnnxValue x) => _layers[layer].Apply(new[] { x, Memories[layer].Export(x) }.Concat(axis: 1));
    }
}
