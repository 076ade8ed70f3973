using static TorchSharp.torch;

namespace Falcon.Weights;

/// <summary>Sizes and names of <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    private static readonly (ElementType Type, string Name, int Size, ScalarType Scalar)[] Known =
    [
        (ElementType.Bool, "BOOL", 1, ScalarType.Bool),
        (ElementType.UInt8, "U8", 1, ScalarType.Byte),
        (ElementType.Int8, "I8", 1, ScalarType.Int8),
        (ElementType.Int16, "I16", 2, ScalarType.Int16),
        (ElementType.Int32, "I32", 4, ScalarType.Int32),
        (ElementType.Int64, "I64", 8, ScalarType.Int64),
        (ElementType.Float16, "F16", 2, ScalarType.Float16),
        (ElementType.BFloat16, "BF16", 2, ScalarType.BFloat16),
        (ElementType.Float32, "F32", 4, ScalarType.Float32),
        (ElementType.Float64, "F64", 8, ScalarType.Float64),
    ];

    /// <summary>Bytes of one element.</summary>
    public static int Size(this ElementType type) => Known[(int)type].Size;

    /// <summary>The name in a safetensors header, for example <c>BF16</c>.</summary>
    public static string SafetensorsName(this ElementType type) => Known[(int)type].Name;

    /// <summary>The engine's name of the type.</summary>
    public static ScalarType ToScalarType(this ElementType type) => Known[(int)type].Scalar;

    /// <summary>The type of the engine's name.</summary>
    /// <exception cref="ArgumentException">A complex or quantised type.</exception>
    public static ElementType FromScalarType(ScalarType scalar)
    {
        foreach (var known in Known)
            if (known.Scalar == scalar)
                return known.Type;
        throw new ArgumentException($"Tensors of {scalar} are not stored.", nameof(scalar));
    }

    /// <summary>The type of a safetensors name; null when it is not one of ours.</summary>
    public static ElementType? FromSafetensorsName(string name)
    {
        foreach (var known in Known)
            if (known.Name == name)
                return known.Type;
        return null;
    }
}
