using Falcon.Engine;
using Falcon.Onnx;
using Falcon.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Backbones;

/// <summary>A module in evaluation mode and without gradients; its features are float32, whatever it computes in.</summary>
internal sealed class FrozenModule : IFrozenNetwork
{
    private readonly nn.Module<Tensor, IReadOnlyList<BackboneTap>, Tensor[]> _module;
    private readonly Precision _precision;

    /// <param name="module">Images (N, 3, H, W) and taps to one tensor per tap; owned from here on.</param>
    /// <param name="precision">In which numbers to compute.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    public FrozenModule(nn.Module<Tensor, IReadOnlyList<BackboneTap>, Tensor[]> module, Precision precision, Device? device)
    {
        (_module, _precision, Device) = (module, precision, device ?? CPU);
        Placement.Place(module, Device);
        if (precision == Precision.BFloat16)
            module.to(ScalarType.BFloat16);
        module.eval();
        foreach (var parameter in module.parameters())
            parameter.requires_grad = false;
        module.Keep();
    }

    public Device Device { get; }

    public IEnumerable<nn.Module> Modules => [_module];

    public Tensor[] Features(Tensor images, IReadOnlyList<BackboneTap> taps)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var rounding = new TensorFloat32(Device, wanted: _precision == Precision.TensorFloat32);
        var input = images.PlacedOn(Device).to(_precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        return [.. _module.call(input, taps).Select(feature => feature.to(ScalarType.Float32).contiguous().MoveToOuterDisposeScope())];
    }

    public OnnxValue[] Export(OnnxValue images, IReadOnlyList<BackboneTap> taps) => ((IOnnxNetwork)_module).Export(images, taps);

    public IReadOnlyList<StoredTensor> Tensors(string prefix) => StateDict.Tensors(_module, prefix);

    public void Dispose() => _module.Release();
}
