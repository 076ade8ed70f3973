using System.Numerics;
using TensorPrimitives = System.Numerics.Tensors.TensorPrimitives;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using static TorchSharp.torch;

namespace Falcon.Methods;

/// <summary>Finds the nearest patches of a large memory on the processor: only those are measured that may be nearest by their principal components.</summary>
internal sealed class NearestPatches
{
    private const int AtOnce = PrincipalComponents.Count;

    private readonly PrincipalComponents _axes;
    private readonly float[][] _components;
    private readonly float _rounding;

    /// <summary>Prepares the search.</summary>
    /// <param name="memory">(M, D) float32.</param>
    public NearestPatches(Tensor memory)
    {
        using var frozen = no_grad();
        using var scope = NewDisposeScope();
        _axes = new(memory);
        var (components, rounding) = _axes.Of(memory);
        // No patch is where the rows that fill the last vector are.
        var filled = cat([components, full([-memory.shape[0] & (AtOnce - 1), AtOnce], float.PositiveInfinity, device: memory.device)]);
        _components = [.. filled.unbind(1).Select(component => component.contiguous().data<float>().ToArray())];
        _rounding = rounding;
    }

    /// <summary>The row of the nearest patch in memory, of equally near ones the first: (P) int64 for (P, D).</summary>
    /// <param name="patches">(P, D) float32.</param>
    /// <param name="memory">What the search was prepared for.</param>
    public unsafe Tensor Find(Tensor patches, Tensor memory)
    {
        using var scope = NewDisposeScope();
        var (looked, kept) = (patches.contiguous(), memory.contiguous());
        var (components, rounding) = _axes.Of(looked);
        var (count, dimensions) = ((int)looked.shape[0], (int)looked.shape[1]);
        var nearest = new long[count];
        fixed (byte* rows = looked.bytes, starts = components.bytes, known = kept[0].bytes)
        {
            float* row = (float*)rows, start = (float*)starts, patch = (float*)known;
            var parts = Math.Min(get_num_threads(), count);
            Parallel.For(0, parts, part =>
            {
                var bounds = new float[_components[0].Length];
                var guess = 0;
                for (var i = count * part / parts; i < count * (part + 1) / parts; i++)
                {
                    var point = new ReadOnlySpan<float>(row + (long)i * dimensions, dimensions);
                    var first = Bound(start + (long)i * AtOnce, bounds);
                    nearest[i] = guess = Nearest(point, patch, bounds, rounding + _rounding, guess, first);
                }
            });
        }
        return tensor(nearest, device: patches.device).MoveToOuterDisposeScope();
    }

    /// <summary>Squared distances of components to all patches in memory.</summary>
    /// <returns>The row of the smallest.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private unsafe int Bound(float* point, float[] bounds)
    {
        for (var rows = 0; rows < bounds.Length; rows += AtOnce)
            PrincipalComponents.SquaredDistances(point, _components, rows).StoreUnsafe(ref bounds[rows]);
        return TensorPrimitives.IndexOfMin<float>(bounds);
    }

    /// <summary>The nearest of the patches in memory whose bounds do not tell that they are farther than another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe int Nearest(ReadOnlySpan<float> point, float* memory, float[] bounds, float rounding, params ReadOnlySpan<int> guesses)
    {
        var (nearest, distance, limit) = (0, float.PositiveInfinity, Vector512<float>.Zero);
        foreach (var row in guesses)
            Measure(row, point);
        for (var rows = 0; rows < bounds.Length; rows += AtOnce)
            for (var near = Vector512.LessThanOrEqual(Vector512.LoadUnsafe(ref bounds[rows]), limit).ExtractMostSignificantBits(); near != 0; near &= near - 1)
                Measure(rows + BitOperations.TrailingZeroCount(near), point);
        return nearest;

        void Measure(int row, ReadOnlySpan<float> point)
        {
            var measured = TensorPrimitives.Distance(point, new ReadOnlySpan<float>(memory + (long)row * point.Length, point.Length));
            if (measured > distance || measured == distance && row >= nearest)
                return;
            (nearest, distance) = (row, measured);
            limit = Vector512.Create((measured + rounding) * (measured + rounding));
        }
    }
}
