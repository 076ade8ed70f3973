using Falcon.Weights.Pickle;

namespace Falcon.Weights;

/// <summary>A file written by PyTorch's <c>torch.save</c>, zip or legacy layout, or a TorchScript archive (<c>torch.jit.save</c>), whose code is not read. It is parsed as data and never executed: whatever is not part of a state
/// dict is refused by name. Tensors in nested dictionaries are named by their path: <c>state_dict.module.conv1.weight</c>.</summary>
/// <remarks>Not safe for use from several threads at once.</remarks>
public sealed class TorchCheckpoint : WeightFile
{
    /// <summary>How many bytes <see cref="Recognises"/> wants to see.</summary>
    internal const int StartLength = 8;
    private const int DeepestNesting = 16;
    private const int MostEntries = 1_000_000;
    private readonly IStorageSource _source;
    private readonly OrderedDictionary<string, TorchTensor> _tensors = [];

    private TorchCheckpoint(string path, FileStream file) : base(path)
    {
        _source = file.Length > 0 && Peek(file) == 'P' ? new ZipCheckpoint(path, file) : new LegacyCheckpoint(path, file);
        foreach (var (name, tensor) in Tensors(_source.Root))
            if (!_tensors.TryAdd(name, tensor))
                throw new InvalidInputException($"holds two tensors that are both named '{name}'", path, "Save only one state dict.");
        if (_tensors.Count == 0)
            throw new InvalidInputException("holds no tensor that has a name", path, "Save a state dict: torch.save(model.state_dict(), file).");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Names => _tensors.Keys;

    /// <summary>Opens a checkpoint.</summary>
    /// <exception cref="InvalidInputException">The file is missing, broken, or asks for more than tensors in dictionaries.</exception>
    public static new TorchCheckpoint Open(string path)
    {
        FileKind.ThrowIfSpecial(path);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return new TorchCheckpoint(path, file);
        }
        catch (Exception error)
        {
            file?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new InvalidInputException($"cannot be read ({error.Message})", path, "Check the path and its permissions.");
            throw;
        }
    }

    /// <summary>Whether a file that starts so is one of PyTorch's: a zip file, or a pickle of protocol 2 or later (which a safetensors file resembles only
    /// when its header is larger than 4 GiB).</summary>
    /// <param name="start">The first <see cref="StartLength"/> bytes, fewer when the file is shorter.</param>
    public static bool Recognises(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8)
        || (start.Length >= StartLength && start is [0x80, >= 2 and <= 5, ..] && start[4..StartLength].ContainsAnyExcept((byte)0));

    /// <inheritdoc/>
    public override bool Contains(string name) => _tensors.ContainsKey(name);

    /// <inheritdoc/>
    public override TensorEntry Entry(string name) => new(Find(name).Storage.Type, Find(name).Shape);

    /// <inheritdoc/>
    public override StoredTensor Read(string name)
    {
        var tensor = Find(name);
        var size = tensor.Storage.Type.Size();
        if (tensor.Extent > Array.MaxLength / size)
            throw new InvalidInputException($"stores '{name}' in more than 2 GiB", FilePath, "Split the tensor.");
        var bytes = _source.Read(tensor.Storage, tensor.Offset * size, tensor.Extent * size);
        return new StoredTensor(name, tensor.Storage.Type, tensor.Shape, tensor.Gather(bytes));
    }

    /// <inheritdoc/>
    public override void Dispose() => _source.Dispose();

    private TorchTensor Find(string name) => _tensors.TryGetValue(name, out var tensor) ? tensor : throw Missing(name);

    private static int Peek(FileStream file)
    {
        var first = file.ReadByte();
        file.Position = 0;
        return first;
    }

    private List<(string Name, TorchTensor Tensor)> Tensors(object? root)
    {
        var found = new List<(string, TorchTensor)>();
        var visited = 0;
        Walk(root, "", 0);
        return found;

        void Walk(object? value, string name, int depth)
        {
            if (depth > DeepestNesting || ++visited > MostEntries)
                throw new InvalidInputException("nests its dictionaries more than any state dict", FilePath, "Save only a state dict.");
            if (value is TorchTensor tensor && depth > 0)
                found.Add((name, tensor));
            if (value is OrderedDictionary<object, object?> entries)
                foreach (var (key, item) in entries)
                    if (key is string or long)
                        Walk(item, depth == 0 ? $"{key}" : $"{name}.{key}", depth + 1);
        }
    }
}
