using static TorchSharp.torch;

namespace Falcon.Weights;

/// <summary>Named tensors in a file, in whichever format: <see cref="SafetensorsFile"/>, also with <see cref="EightBitWeights"/>, or <see cref="TorchCheckpoint"/>. Tensors are read when asked for.</summary>
public abstract class WeightFile : IDisposable
{
    /// <param name="path">As given by the user; it appears in messages.</param>
    protected WeightFile(string path) => FilePath = path;

    /// <summary>The path it was opened with.</summary>
    public string FilePath { get; }

    /// <summary>The tensor names, in the order of the file.</summary>
    public abstract IReadOnlyList<string> Names { get; }

    /// <summary>Opens a weight file; the format is told by its first bytes, not by its name.</summary>
    /// <exception cref="InvalidInputException">The file is missing, broken, of another format, or asks for more than tensors.</exception>
    public static WeightFile Open(string path)
    {
        FileKind.ThrowIfSpecial(path);
        Span<byte> start = stackalloc byte[TorchCheckpoint.StartLength];
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
            start = start[..file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be read ({error.Message})", path, "Check the path and its permissions.");
        }
        return TorchCheckpoint.Recognises(start) ? TorchCheckpoint.Open(path) : Safetensors(path);
    }

    private static WeightFile Safetensors(string path)
    {
        var file = SafetensorsFile.Open(path);
        try
        {
            return EightBitFile.Recognises(file) ? new EightBitFile(file) : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Whether there is a tensor of this name.</summary>
    public abstract bool Contains(string name);

    /// <summary>Type and shape of a tensor.</summary>
    /// <exception cref="InvalidInputException">There is no tensor of this name.</exception>
    public abstract TensorEntry Entry(string name);

    /// <summary>A tensor's dense data as a copy.</summary>
    /// <exception cref="InvalidInputException">There is no tensor of this name, or the file is broken there.</exception>
    public abstract StoredTensor Read(string name);

    /// <summary>A tensor on the CPU, with the type and shape of the file.</summary>
    /// <exception cref="InvalidInputException">There is no tensor of this name, or the file is broken there.</exception>
    public virtual Tensor Tensor(string name)
    {
        var stored = Read(name);
        var tensor = empty([.. stored.Shape], stored.Type.ToScalarType(), CPU);
        stored.Bytes.Span.CopyTo(tensor.bytes);
        return tensor;
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The error for a name that is not in the file.</summary>
    protected InvalidInputException Missing(string name) => new($"has no tensor '{name}'", FilePath, "Check that it is the right file.");
}

/// <summary>What a weight file says about one of its tensors.</summary>
/// <param name="Type">The number type.</param>
/// <param name="Shape">The sides; empty for a scalar.</param>
public record TensorEntry(ElementType Type, IReadOnlyList<long> Shape);
