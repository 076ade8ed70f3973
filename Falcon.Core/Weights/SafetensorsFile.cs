using System.Collections.Concurrent;
using System.IO.MemoryMappedFiles;
using static TorchSharp.torch;

namespace Falcon.Weights;

/// <summary>A safetensors file, mapped into memory: only what is read is loaded. Every claim of its header is checked when it is opened.</summary>
/// <remarks>Safe for reading from several threads. Spans from <see cref="Bytes"/> end with <see cref="Dispose"/>; arrays and tensors do not.</remarks>
public sealed unsafe class SafetensorsFile : WeightFile
{
    private readonly SafetensorsHeader _header;
    private readonly MemoryMappedFile _map;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _start;
    private readonly long _length;
    private readonly ConcurrentDictionary<ElementType, Tensor> _mappings = [];
    private bool _disposed;

    private SafetensorsFile(string path, FileStream file) : base(path)
    {
        _length = file.Length;
        _header = SafetensorsHeader.Read(path, file);
        _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        _view = _map.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    /// <summary>The tensor names, in the order of the header.</summary>
    public override IReadOnlyList<string> Names => _header.Names;

    /// <summary>The texts stored beside the tensors; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file.</summary>
    /// <exception cref="InvalidInputException">The file is missing, unreadable, truncated, or its header lies.</exception>
    public static new SafetensorsFile Open(string path)
    {
        FileKind.ThrowIfSpecial(path);
        FileStream? file = null;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
            return new SafetensorsFile(path, file);
        }
        catch (Exception error)
        {
            file?.Dispose();
            if (error is IOException or UnauthorizedAccessException)
                throw new InvalidInputException($"cannot be read ({error.Message})", path, "Check the path and its permissions.");
            throw;
        }
    }

    /// <inheritdoc/>
    public override bool Contains(string name) => _header.Entries.ContainsKey(name);

    /// <summary>Type, shape and place of a tensor.</summary>
    /// <exception cref="InvalidInputException">There is no tensor of this name.</exception>
    public override SafetensorsEntry Entry(string name) => _header.Entries.TryGetValue(name, out var entry) ? entry : throw Missing(name);

    /// <inheritdoc/>
    public override StoredTensor Read(string name) => new(name, Entry(name).Type, Entry(name).Shape, Bytes(name).ToArray());

    /// <summary>The raw little-endian data of a tensor, in the mapped file itself: valid until <see cref="Dispose"/>.</summary>
    /// <exception cref="InvalidInputException">There is no such tensor, or it exceeds 2 GiB.</exception>
    public ReadOnlySpan<byte> Bytes(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var entry = Entry(name);
        return entry.Length <= int.MaxValue
            ? new ReadOnlySpan<byte>(_start + entry.Offset, (int)entry.Length)
            : throw new InvalidInputException($"stores '{name}' in {entry.Length} bytes, more than 2 GiB", FilePath, "Split the tensor.");
    }

    /// <summary>The values of a floating tensor (F16, BF16, F32, F64) as float32, row-major.</summary>
    /// <exception cref="InvalidInputException">There is no such tensor, or it holds whole numbers.</exception>
    public float[] Floats(string name) => ElementConversion.ToFloats(Entry(name).Type, Bytes(name)) ?? throw WrongType(name, "floating numbers");

    /// <summary>The values of a floating tensor (F16, BF16, F32, F64) as float64, row-major.</summary>
    /// <exception cref="InvalidInputException">There is no such tensor, or it holds whole numbers.</exception>
    public double[] Doubles(string name) => ElementConversion.ToDoubles(Entry(name).Type, Bytes(name)) ?? throw WrongType(name, "floating numbers");

    /// <summary>The values of a tensor of whole numbers or truth values (0 and 1), row-major.</summary>
    /// <exception cref="InvalidInputException">There is no such tensor, or it holds floating numbers.</exception>
    public long[] Longs(string name) => ElementConversion.ToLongs(Entry(name).Type, Bytes(name)) ?? throw WrongType(name, "whole numbers");

    /// <summary>A tensor on the CPU over the mapped file itself, without a copy (a copy when it is not aligned to its elements, which
    /// <see cref="SafetensorsWriter"/> sees to). It may outlive this object; writing to it does not reach the file.</summary>
    /// <exception cref="InvalidInputException">There is no tensor of this name.</exception>
    public override Tensor Tensor(string name)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var entry = Entry(name);
        var size = entry.Type.Size();
        if (entry.Offset % size != 0 || entry.Length == 0)
            return base.Tensor(name);
        using var flat = _mappings.GetOrAdd(entry.Type, Map).narrow(0, entry.Offset / size, entry.Length / size);
        return flat.view([.. entry.Shape]);
    }

    /// <summary>The whole file as elements of one type, a private mapping of the engine's own.</summary>
    private Tensor Map(ElementType type) =>
        from_file(Path.GetFullPath(FilePath), shared: false, size: _length / type.Size(), dtype: type.ToScalarType()).DetachFromDisposeScope();

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var mapping in _mappings.Values)
            mapping.Dispose();
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _map.Dispose();
    }

    private InvalidInputException WrongType(string name, string wanted) =>
        new($"stores '{name}' as {Entry(name).Type}, not as {wanted}", FilePath, "Check that it is the right file.");
}
