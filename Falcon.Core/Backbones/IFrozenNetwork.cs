using Falcon.Onnx;
using Falcon.Weights;
using static TorchSharp.torch;

namespace Falcon.Backbones;

/// <summary>A network of any architecture that never trains.</summary>
internal interface IFrozenNetwork : IDisposable
{
    /// <summary>Where it computes.</summary>
    Device Device { get; }

    /// <summary>What it is made of.</summary>
    IEnumerable<nn.Module> Modules { get; }

    /// <inheritdoc cref="FrozenBackbone.Features"/>
    Tensor[] Features(Tensor images, IReadOnlyList<BackboneTap> taps);

    /// <summary>What <see cref="Features"/> computes, in the graph of the images.</summary>
    /// <exception cref="InvalidInputException">It computes in other numbers than single precision, or a module has no rule.</exception>
    OnnxValue[] Export(OnnxValue images, IReadOnlyList<BackboneTap> taps);

    /// <summary>The weights as they compute, with their names behind a prefix.</summary>
    IReadOnlyList<StoredTensor> Tensors(string prefix);
}
