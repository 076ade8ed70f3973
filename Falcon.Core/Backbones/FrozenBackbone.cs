using Falcon.Engine;
using Falcon.Onnx;
using Falcon.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Falcon.Backbones;

/// <summary>A residual network that never trains: evaluation mode, batch norm folded into the convolutions, no gradients.</summary>
public sealed class FrozenBackbone : IFrozenNetwork
{
    private readonly ResNet _network;

    /// <param name="network">The network to freeze; it is copied and may be disposed afterwards.</param>
    /// <param name="precision">In which numbers to compute.</param>
    /// <param name="device">Where to compute; null for the CPU.</param>
    public FrozenBackbone(ResNet network, Precision precision = Precision.Float32, Device? device = null)
        : this(precision, device, network.Folded())
    {
    }

    private FrozenBackbone(Precision precision, Device? device, ResNet folded)
    {
        _network = folded;
        Precision = precision;
        Device = device ?? CPU;
        Placement.Place(_network, Device);
        if (precision == Precision.BFloat16)
            _network.to(ScalarType.BFloat16);
        _network.Keep();
    }

    /// <summary>Which network.</summary>
    public ResNetArchitecture Architecture => _network.Architecture;

    /// <summary>The deepest tap it can be asked for.</summary>
    public BackboneTap Deepest => _network.Deepest;

    /// <summary>In which numbers it computes.</summary>
    public Precision Precision { get; }

    /// <summary>Where it computes.</summary>
    public Device Device { get; }

    IEnumerable<nn.Module> IFrozenNetwork.Modules => [_network];

    /// <summary>The features of a batch of images, computed no deeper than the deepest tap asked for.</summary>
    /// <param name="images">(N, 3, H, W) float32, ImageNet-normalised, on any device.</param>
    /// <param name="taps">At least one, none beyond <see cref="Deepest"/>.</param>
    /// <returns>One tensor (N, C, H / stride, W / stride), float32, contiguous, without gradient, per tap, in the order asked for.</returns>
    public Tensor[] Features(Tensor images, IReadOnlyList<BackboneTap> taps)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        using var rounding = new TensorFloat32(Device, wanted: Precision == Precision.TensorFloat32);
        var input = images.PlacedOn(Device).to(Precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        return [.. _network.call(input, taps).Select(feature => feature.to(ScalarType.Float32).contiguous().MoveToOuterDisposeScope())];
    }

    /// <inheritdoc/>
    OnnxValue[] IFrozenNetwork.Export(OnnxValue images, IReadOnlyList<BackboneTap> taps) => ((IOnnxNetwork)_network).Export(images, taps);

    /// <summary>Reads what <see cref="IFrozenNetwork.Tensors"/> gave.</summary>
    internal static FrozenBackbone FromTensors(WeightFile file, string prefix, ResNetArchitecture architecture, Precision precision, Device? device)
    {
        var deepest = Enum.GetValues<BackboneTap>().Last(tap => tap is BackboneTap.Pool || file.Names.Any(ResNet.BelongsTo(tap, prefix)));
        var network = ResNet.Unfilled(architecture, deepest);
        StateDict.Load(network, file, prefix);
        return new FrozenBackbone(precision, device, network);
    }

    /// <summary>The folded weights with the network's names behind a prefix.</summary>
    IReadOnlyList<StoredTensor> IFrozenNetwork.Tensors(string prefix) => StateDict.Tensors(_network, prefix);

    /// <inheritdoc/>
    public void Dispose() => _network.Release();
}
