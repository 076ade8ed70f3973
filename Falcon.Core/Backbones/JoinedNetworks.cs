using Falcon.Onnx;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Backbones;

/// <summary>A residual network and an EfficientNet as one teacher: each gives the features of its own taps.</summary>
internal sealed class JoinedNetworks(FrozenBackbone residual, IFrozenNetwork efficient) : IFrozenNetwork
{
    /// <summary>Put before the second network's prefix.</summary>
    public const string Second = "second_";

    public Device Device => residual.Device;

    public IEnumerable<nn.Module> Modules => ((IFrozenNetwork)residual).Modules.Concat(efficient.Modules);

    public Tensor[] Features(Tensor images, IReadOnlyList<BackboneTap> taps) => OfBoth(taps, (network, own) => network.Features(images, own));

    public OnnxValue[] Export(OnnxValue images, IReadOnlyList<BackboneTap> taps) => OfBoth(taps, (network, own) => network.Export(images, own));

    public IReadOnlyList<StoredTensor> Tensors(string prefix) => [.. ((IFrozenNetwork)residual).Tensors(prefix), .. efficient.Tensors(Second + prefix)];

    public void Dispose()
    {
        residual.Dispose();
        efficient.Dispose();
    }

    private T[] OfBoth<T>(IReadOnlyList<BackboneTap> taps, Func<IFrozenNetwork, BackboneTap[], T[]> features)
    {
        BackboneTap[] first = [.. taps.Where(IsResidual)], second = [.. taps.Where(tap => !IsResidual(tap))];
        var all = new Dictionary<BackboneTap, T>();
        foreach (var (network, own) in new (IFrozenNetwork, BackboneTap[])[] { (residual, first), (efficient, second) })
            if (own.Length > 0)
                foreach (var (tap, feature) in own.Zip(features(network, own)))
                    all[tap] = feature;
        return [.. taps.Select(tap => all[tap])];
    }

    private static bool IsResidual(BackboneTap tap) => tap.Closed() <= BackboneTap.Logits;
}
