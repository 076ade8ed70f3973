using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace Falcon.Methods;

/// <summary>FDSL's memory: the patches of good images at one tap, and how a patch differs from the one that is most like it (specification, section 4).</summary>
internal static class NormalPatches
{
    /// <summary>Products of so many numbers are held at once.</summary>
    private const long Block = 1L << 25;

    /// <summary>Patches as unit vectors, row after row: (N, h·w, C) for (N, C, h, w). A zero vector stays zero.</summary>
    public static Tensor Units(Tensor features)
    {
        using var scope = NewDisposeScope();
        return normalize(features.flatten(2).transpose(1, 2), p: 2, dim: -1, eps: 1e-12).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>The patches of images as a memory, (N·h·w, C) for (N, C, h, w).</summary>
    public static Tensor Memory(Tensor features, bool half)
    {
        using var scope = NewDisposeScope();
        return Units(features).flatten(0, 1).to(half ? ScalarType.Float16 : ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>The row of the memory with the largest product with each patch, the first of equal ones: (P) int64.</summary>
    /// <param name="patches">(P, C) unit vectors.</param>
    /// <param name="memory">(M, C) unit vectors, float32 or half precision; read in blocks.</param>
    /// <param name="block">Products that are held at once; it changes no result.</param>
    public static Tensor Nearest(Tensor patches, Tensor memory, long block = Block)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var (count, rows) = (patches.shape[0], memory.shape[0]);
        var step = Math.Max(1, block / count);
        Tensor? best = null, index = null;
        for (var first = 0L; first < rows; first += step)
        {
            using var inner = NewDisposeScope();
            var part = memory.narrow(0, first, Math.Min(step, rows - first)).to(patches.dtype);
            var (value, at) = patches.matmul(part.t()).max(1);
            at += first;
            if (best is not null)
            {
                var better = value.gt(best);
                (value, at) = (where(better, value, best), where(better, at, index!));
            }
            (best, index) = (value.MoveToOuterDisposeScope(), at.MoveToOuterDisposeScope());
        }
        return index!.MoveToOuterDisposeScope();
    }

    /// <summary>|f − m| for each patch f and the most alike row m of the memory, channel by channel: ρ of the specification.</summary>
    /// <param name="patches">(N, n, C) unit vectors.</param>
    /// <param name="memory">(M, C).</param>
    /// <returns>(N, n, C) float32.</returns>
    public static Tensor Residuals(Tensor patches, Tensor memory)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        var flat = patches.flatten(0, 1);
        var nearest = memory.index_select(0, Nearest(flat, memory)).to(flat.dtype);
        return (flat - nearest).abs_().reshape(patches.shape).MoveToOuterDisposeScope();
    }
}
