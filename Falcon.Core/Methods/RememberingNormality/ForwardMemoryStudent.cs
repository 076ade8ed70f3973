using Falcon.Backbones;
using Falcon.Onnx;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>A residual network cut after layer3, of which layer2 and layer3 see the features before them joined with what a memory recalls: images (N, 3, H, W)
/// to the outputs of the three layers.</summary>
internal sealed class ForwardMemoryStudent : Module<Tensor, Tensor[]>
{
    private readonly ConvolutionUnit _stem;
    private readonly Sequential[] _layers;

    public ForwardMemoryStudent(ResNetArchitecture architecture, int rows, bool isFixed) : base(nameof(ForwardMemoryStudent))
    {
        _stem = new ConvolutionUnit(3, architecture.Channels(BackboneTap.Stem), 7, 2, folded: false);
        register_module("conv1", _stem.Convolution);
        register_module("bn1", _stem.Norm!);
        Memories = [.. Enumerable.Range(0, 2).Select(i => new NormalityMemory(rows, architecture.Channels(BackboneTap.Layer1 + i), isFixed))];
        _layers = [.. Enumerable.Range(0, 3).Select(i =>
        {
            var layer = BackboneTap.Layer1 + i;
            var inputs = architecture.Channels(layer - 1) * (i == 0 ? 1 : 2);
            return Sequential(ResidualBlock.Layer(architecture, layer, inputs, i == 0 ? 1 : 2, architecture.Blocks[i]));
        })];
        for (var i = 0; i < 3; i++)
        {
            register_module($"layer{i + 1}", _layers[i]);
            if (i < 2)
                register_module($"memory{i + 1}", Memories[i]);
        }
    }

    /// <summary>Behind layer1 and behind layer2.</summary>
    public NormalityMemory[] Memories { get; }

    public override Tensor[] forward(Tensor images)
    {
        var first = _layers[0].call(functional.max_pool2d(_stem.Apply(images).relu(), 3, stride: 2, padding: 1));
        var second = _layers[1].call(cat([first, Memories[0].call(first)], dim: 1));
        return [first, second, _layers[2].call(cat([second, Memories[1].call(second)], dim: 1))];
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue[] Export(OnnxValue images)
    {
        var first = _layers[0].Apply(_stem.Export(images).Relu().MaxPool(3, stride: 2, padding: 1));
        var second = _layers[1].Apply(new[] { first, Memories[0].Export(first) }.Concat(axis: 1));
        return [first, second, _layers[2].Apply(new[] { second, Memories[1].Export(second) }.Concat(axis: 1))];
    }
}
