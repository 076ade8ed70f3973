namespace Falcon.Weights;

/// <summary>Arithmetic on shapes that a file claims: nothing is trusted, nothing overflows.</summary>
internal static class TensorSize
{
    /// <summary>The number of elements of a shape; null when a side is negative or the product exceeds 63 bits.</summary>
    public static long? Elements(ReadOnlySpan<long> shape)
    {
        var empty = shape.Contains(0);
        var count = 1L;
        foreach (var side in shape)
        {
            if (side < 0)
                return null;
            if (!empty && (count = Math.BigMul(count, side, out var low) == 0 && low >= 0 ? low : -1) < 0)
                return null;
        }
        return empty ? 0 : count;
    }

    /// <summary>The number of bytes of a dense tensor; null as in <see cref="Elements"/>.</summary>
    public static long? Bytes(ElementType type, ReadOnlySpan<long> shape) =>
        Elements(shape) is { } count && count <= long.MaxValue / type.Size() ? count * type.Size() : null;
}
