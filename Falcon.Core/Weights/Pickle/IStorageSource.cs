namespace Falcon.Weights.Pickle;

/// <summary>The two ways in which torch.save lays out a checkpoint: the object that was saved, and the storages that its tensors are views of.</summary>
internal interface IStorageSource : IDisposable
{
    /// <summary>The saved object, in the terms of <see cref="PickleReader"/>.</summary>
    object? Root { get; }

    /// <summary>Reads a part of a storage.</summary>
    /// <param name="storage">The storage.</param>
    /// <param name="start">The first byte, counted from the start of the storage.</param>
    /// <param name="length">The number of bytes.</param>
    /// <exception cref="InvalidInputException">The storage is missing or shorter than that.</exception>
    byte[] Read(TorchStorage storage, long start, long length);
}
