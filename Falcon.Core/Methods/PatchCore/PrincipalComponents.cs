using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>The leading principal components of points: two points are at least as far apart as they are in these few coordinates, and mostly not much farther, so that most
/// distances are known to be too large without measuring them.</summary>
internal sealed class PrincipalComponents
{
    /// <summary>How many: as many as a processor computes at once.</summary>
    public const int Count = 16;

    /// <summary>What rounding may change in a point's place, as a share of its distance from the mean, generously.</summary>
    private const float Rounding = 1e-5f;

    /// <summary>Points that the axes are found from, and how often they are improved: what is nearly the leading components serves as well.</summary>
    private const int Samples = 4096, Iterations = 4;

    private readonly float[] _mean;
    private readonly float[] _axes;

    /// <summary>Those of a set of points, nearly, by subspace iteration.</summary>
    /// <param name="points">(N, D) float32.</param>
    public PrincipalComponents(Tensor points)
    {
        using var scope = NewDisposeScope();
        var sample = points.slice(0, 0, points.shape[0], 1 + points.shape[0] / Samples);
        var mean = sample.mean([0]);
        var centred = sample - mean;
        var covariance = centred.t().matmul(centred);
        var leading = Math.Min(Count, points.shape[1]);
        var axes = covariance.narrow(1, 0, leading);
        for (var i = 0; i < Iterations; i++)
            axes = covariance.matmul(linalg.qr(axes).Q);
        _mean = mean.data<float>().ToArray();
        _axes = pad(linalg.qr(axes).Q, [0, Count - leading]).contiguous().data<float>().ToArray();
    }

    /// <summary>Components, (N, <see cref="Count"/>) float32, row by row, zeros where points have fewer; and by how much rounding may move a point, generously.</summary>
    /// <param name="points">(N, D) float32.</param>
    public (Tensor Components, float Rounding) Of(Tensor points)
    {
        using var scope = NewDisposeScope();
        var centred = points - tensor(_mean, device: points.device);
        var components = centred.matmul(tensor(_axes, device: points.device).reshape(_mean.Length, Count)).contiguous();
        return (components.MoveToOuterDisposeScope(), Rounding * centred.square().sum([1]).max().sqrt().item<float>());
    }

    /// <summary>Squared distances of one point's components to those of <see cref="Count"/> others.</summary>
    /// <param name="point">Its components.</param>
    /// <param name="others">Component by component.</param>
    /// <param name="first">The first of the others.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe Vector512<float> SquaredDistances(float* point, float[][] others, int first)
    {
        var squared = Vector512<float>.Zero;
        for (var i = 0; i < Count; i++)
        {
            var apart = Vector512.LoadUnsafe(ref others[i][first]) - Vector512.Create(point[i]);
            squared += apart * apart;
        }
        return squared;
    }
}
