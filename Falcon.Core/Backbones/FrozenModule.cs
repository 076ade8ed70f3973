using Falcon.Engine;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Backbones;

/// <summary>A module in evaluation mode and without gradients, float32.</summary>
internal sealed class FrozenModule : IFrozenNetwork
{
    private readonly nn.Module<Tensor, IReadOnlyList<BackboneTap>, Tensor[]> _module;

    /// <param name="module">Images (N, 3, H, W) and taps to one tensor per tap; owned from here on.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    public FrozenModule(nn.Module<Tensor, IReadOnlyList<BackboneTap>, Tensor[]> module, Device? device)
    {
        (_module, Device) = (module, device ?? CPU);
        Placement.Place(module, Device);
        module.eval();
        foreach (var parameter in module.parameters())
            parameter.requires_grad = false;
        module.Keep();
    }

    public Device Device { get; }

    public Tensor[] Features(Tensor images, IReadOnlyList<BackboneTap> taps)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        return [.. _module.call(images.PlacedOn(Device).to(ScalarType.Float32), taps).Select(feature => feature.contiguous().MoveToOuterDisposeScope())];
    }

    public IReadOnlyList<StoredTensor> Tensors(string prefix) => StateDict.Tensors(_module, prefix);

    public void Dispose() => _module.Release();
}
