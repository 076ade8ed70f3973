using Falcon.Onnx;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>How far two feature maps (N, C, h, w) are from one another at each position.</summary>
public static class FeatureDistance
{
    /// <summary>Shorter vectors count as this long, as in PyTorch's <c>normalize</c> and <c>cosine_similarity</c>.</summary>
    private const double ShortestUnit = 1e-12, ShortestOfCosine = 1e-8;

    /// <summary>The vectors over channels scaled to length 1; zero vectors stay zero.</summary>
    public static Tensor Unit(Tensor features) => normalize(features, p: 2, dim: 1, eps: ShortestUnit);

    /// <summary>‖u(a) − u(b)‖² at each position, (N, h, w), in [0, 4].</summary>
    public static Tensor OfUnits(Tensor a, Tensor b) => DirectionDistance.Of(a, b, ShortestUnit, Squared, (u, v) => 2 * (u - v));

    /// <summary>‖a − b‖² at each position, (N, h, w).</summary>
    public static Tensor Squared(Tensor a, Tensor b) => (a - b).square().sum([1]);

    /// <summary>1 − cos(a, b) at each position, (N, h, w), in [0, 2]; 1 where a vector is zero.</summary>
    public static Tensor Cosine(Tensor a, Tensor b) => DirectionDistance.Of(a, b, ShortestOfCosine, (u, v) => 1 - (u * v).sum([1]), (_, v) => -v);

    /// <summary>As <see cref="Unit(Tensor)"/>, in a graph.</summary>
    internal static OnnxValue Unit(OnnxValue features) => features / features.Square().KeptSum(1).Sqrt().AtLeast(ShortestUnit);

    /// <summary>As <see cref="OfUnits(Tensor, Tensor)"/>, in a graph.</summary>
    internal static OnnxValue OfUnits(OnnxValue a, OnnxValue b) => Squared(Unit(a), Unit(b));

    /// <summary>As <see cref="Squared(Tensor, Tensor)"/>, in a graph.</summary>
    internal static OnnxValue Squared(OnnxValue a, OnnxValue b) => (a - b).Square().Sum(1);

    /// <summary>As <see cref="Cosine(Tensor, Tensor)"/>, in a graph.</summary>
    internal static OnnxValue Cosine(OnnxValue a, OnnxValue b)
    {
        return 1 - (Direction(a) * Direction(b)).Sum(1);

        static OnnxValue Direction(OnnxValue features) => features / features.Square().KeptSum(1).Sqrt().AtLeast(ShortestOfCosine);
    }

    /// <summary>1 − the cosine of whole maps as one vector each, (N).</summary>
    public static Tensor WholeCosine(Tensor a, Tensor b) => 1 - cosine_similarity(a.flatten(1), b.flatten(1), dim: 1, eps: ShortestOfCosine);

    /// <summary>Σ over layers of Σ over the batch of the mean distance over positions, over the number of layers: the loss of the DistillationAD
    /// collection, which counts every layer alike whatever its size.</summary>
    /// <param name="distances">(N, h, w) of each layer.</param>
    public static Tensor BatchSum(IReadOnlyCollection<Tensor> distances) =>
        stack(distances.Select(BatchSum)).mean();

    /// <summary>One layer's term of <see cref="BatchSum(IReadOnlyCollection{Tensor})"/>.</summary>
    public static Tensor BatchSum(Tensor distance) => distance.mean([1, 2]).sum();
}
