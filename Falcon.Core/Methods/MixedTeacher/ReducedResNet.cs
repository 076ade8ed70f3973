using Falcon.Backbones;
using Falcon.Onnx;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Falcon.Methods;

/// <summary>The residual student of MixedTeacher's authors (specification, section 3): one block in layer1 and one in layer2, both halving the size. Images
/// (N, 3, H, W) to (N, 64, H/8, W/8) and (N, 128, H/16, W/16).</summary>
internal sealed class ReducedResNet : Module<Tensor, Tensor[]>
{
    private readonly ConvolutionUnit _stem;

    [ComponentName(Name = "layer1")]
    private readonly Sequential _first;

    [ComponentName(Name = "layer2")]
    private readonly Sequential _second;

    public ReducedResNet() : base(nameof(ReducedResNet))
    {
        var architecture = BackboneCatalog.Find("resnet18");
        _stem = new ConvolutionUnit(3, 64, 7, 2, folded: false);
        register_module("conv1", _stem.Convolution);
        register_module("bn1", _stem.Norm!);
        _first = Sequential(ResidualBlock.Layer(architecture, BackboneTap.Layer1, 64, 2, blocks: 1));
        _second = Sequential(ResidualBlock.Layer(architecture, BackboneTap.Layer2, 64, 2, blocks: 1));
        RegisterComponents();
    }

    public override Tensor[] forward(Tensor images)
    {
        var first = _first.call(functional.max_pool2d(_stem.Apply(images).relu(), 3, stride: 2, padding: 1));
        return [first, _second.call(first)];
    }

    /// <summary>As <c>call</c>, in a graph.</summary>
    public OnnxValue[] Export(OnnxValue images)
    {
        var first = _first.Apply(_stem.Export(images).Relu().MaxPool(3, stride: 2, padding: 1));
        return [first, _second.Apply(first)];
    }
}
