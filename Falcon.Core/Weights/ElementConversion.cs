using System.Runtime.InteropServices;

namespace Falcon.Weights;

/// <summary>Reads stored bytes as .NET numbers.</summary>
internal static class ElementConversion
{
    /// <summary>Floating elements as float32; null for the other types. Float64 is rounded.</summary>
    public static float[]? ToFloats(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.Float32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
        ElementType.Float64 => Map<double, float>(bytes, value => (float)value),
        ElementType.Float16 => Map<Half, float>(bytes, value => (float)value),
        ElementType.BFloat16 => Map<ushort, float>(bytes, FromBFloat16),
        _ => null,
    };

    /// <summary>Floating elements as float64; null for the other types.</summary>
    public static double[]? ToDoubles(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.Float64 => MemoryMarshal.Cast<byte, double>(bytes).ToArray(),
        ElementType.Float32 => Map<float, double>(bytes, value => value),
        ElementType.Float16 => Map<Half, double>(bytes, value => (double)value),
        ElementType.BFloat16 => Map<ushort, double>(bytes, value => FromBFloat16(value)),
        _ => null,
    };

    /// <summary>Whole numbers and truth values as int64; null for floating types.</summary>
    public static long[]? ToLongs(ElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        ElementType.Int64 => MemoryMarshal.Cast<byte, long>(bytes).ToArray(),
        ElementType.Int32 => Map<int, long>(bytes, value => value),
        ElementType.Int16 => Map<short, long>(bytes, value => value),
        ElementType.Int8 => Map<sbyte, long>(bytes, value => value),
        ElementType.UInt8 => Map<byte, long>(bytes, value => value),
        ElementType.Bool => Map<byte, long>(bytes, value => value == 0 ? 0 : 1),
        _ => null,
    };

    private static float FromBFloat16(ushort bits) => BitConverter.UInt32BitsToSingle((uint)bits << 16);

    private static TTo[] Map<TFrom, TTo>(ReadOnlySpan<byte> bytes, Func<TFrom, TTo> convert) where TFrom : unmanaged
    {
        var source = MemoryMarshal.Cast<byte, TFrom>(bytes);
        var target = new TTo[source.Length];
        for (var i = 0; i < target.Length; i++)
            target[i] = convert(source[i]);
        return target;
    }
}
