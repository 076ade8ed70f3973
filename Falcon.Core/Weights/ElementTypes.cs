namespace Falcon.Weights;

/// <summary>Sizes and names of <see cref="ElementType"/>.</summary>
public static class ElementTypes
{
    private static readonly (ElementType Type, string Name, int Size)[] Known =
    [
        (ElementType.Bool, "BOOL", 1),
        (ElementType.UInt8, "U8", 1),
        (ElementType.Int8, "I8", 1),
        (ElementType.Int16, "I16", 2),
        (ElementType.Int32, "I32", 4),
        (ElementType.Int64, "I64", 8),
        (ElementType.Float16, "F16", 2),
        (ElementType.BFloat16, "BF16", 2),
        (ElementType.Float32, "F32", 4),
        (ElementType.Float64, "F64", 8),
    ];

    /// <summary>Bytes of one element.</summary>
    public static int Size(this ElementType type) => Known[(int)type].Size;

    /// <summary>The name in a safetensors header, for example <c>BF16</c>.</summary>
    public static string SafetensorsName(this ElementType type) => Known[(int)type].Name;

    /// <summary>The type of a safetensors name; null when it is not one of ours.</summary>
    public static ElementType? FromSafetensorsName(string name)
    {
        foreach (var known in Known)
            if (known.Name == name)
                return known.Type;
        return null;
    }
}
