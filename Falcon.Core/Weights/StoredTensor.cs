using System.Runtime.InteropServices;

namespace Falcon.Weights;

/// <summary>One named tensor as it stands in a weight file: dense, row-major, little-endian.</summary>
/// <param name="Name">The state-dict name, for example <c>layer1.0.conv1.weight</c>.</param>
/// <param name="Type">The number type.</param>
/// <param name="Shape">The sides; empty for a scalar.</param>
/// <param name="Bytes">Exactly as many bytes as type and shape say.</param>
public sealed record StoredTensor(string Name, ElementType Type, IReadOnlyList<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>A tensor of float32 values (row-major).</summary>
    public static StoredTensor Of(string name, float[] values, params long[] shape) => Of(name, ElementType.Float32, values, shape);

    /// <summary>A tensor of float64 values (row-major).</summary>
    public static StoredTensor Of(string name, double[] values, params long[] shape) => Of(name, ElementType.Float64, values, shape);

    /// <summary>A tensor of 64-bit whole numbers (row-major).</summary>
    public static StoredTensor Of(string name, long[] values, params long[] shape) => Of(name, ElementType.Int64, values, shape);

    /// <summary>A tensor of bytes (row-major).</summary>
    public static StoredTensor Of(string name, byte[] values, params long[] shape) => new(name, ElementType.UInt8, shape, values);

    private static StoredTensor Of<T>(string name, ElementType type, T[] values, long[] shape) where T : unmanaged =>
        new(name, type, shape, MemoryMarshal.AsBytes<T>(values).ToArray());
}
