namespace Falcon.Weights.Pickle;

/// <summary>A run of numbers kept elsewhere in a checkpoint, of which tensors are views.</summary>
/// <param name="Type">The number type.</param>
/// <param name="Key">Its name in the checkpoint.</param>
/// <param name="Start">The first element within the kept run; not 0 only for the storage views of legacy files.</param>
/// <param name="Count">The number of elements.</param>
internal sealed record TorchStorage(ElementType Type, string Key, long Start, long Count);
