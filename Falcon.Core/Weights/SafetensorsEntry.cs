namespace Falcon.Weights;

/// <summary>Where a tensor lies in a safetensors file.</summary>
/// <param name="Type">The number type.</param>
/// <param name="Shape">The sides; empty for a scalar.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Length">Bytes of the dense, row-major data.</param>
public sealed record SafetensorsEntry(ElementType Type, IReadOnlyList<long> Shape, long Offset, long Length) : TensorEntry(Type, Shape);
