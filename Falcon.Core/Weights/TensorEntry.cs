namespace Falcon.Weights;

/// <summary>What a weight file says about one of its tensors.</summary>
/// <param name="Type">The number type.</param>
/// <param name="Shape">The sides; empty for a scalar.</param>
public record TensorEntry(ElementType Type, IReadOnlyList<long> Shape);
