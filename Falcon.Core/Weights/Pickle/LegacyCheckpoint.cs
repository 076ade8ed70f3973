using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Falcon.Weights.Pickle;

/// <summary>The layout before PyTorch 1.6: pickles of a magic number, a protocol version, the machine, the object and the storage keys; then each storage as
/// an element count (int64) and raw data, in the order of the keys.</summary>
internal sealed class LegacyCheckpoint : IStorageSource
{
    private const long ProtocolVersion = 1001;
    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    private readonly string _path;
    private readonly FileStream _file;
    private readonly Dictionary<string, (long Offset, long Length)> _places = [];

    /// <param name="path">For messages.</param>
    /// <param name="file">The file at its start; closed with this object.</param>
    public LegacyCheckpoint(string path, FileStream file)
    {
        _path = path;
        _file = file;
        if (Next() is not BigInteger magic || magic != Magic || Next() is not ProtocolVersion)
            throw new InvalidInputException("is a pickle, but not a PyTorch checkpoint", path, "Give a file written by torch.save.");
        if (Next() is OrderedDictionary<object, object?> machine && machine.TryGetValue("little_endian", out var little) && little is false)
            throw new InvalidInputException("was written on a big-endian machine", path, "Convert it with PyTorch on an ordinary machine.");
        var program = new PickleReader(path, file);
        Root = program.Read();
        var keys = Next() as List<object?> ?? throw Broken("lacks the list of its storages");
        var types = new Dictionary<string, ElementType>();
        foreach (var storage in program.Storages)
            types[storage.Key] = storage.Type;
        foreach (var item in keys)
            Locate(item as string ?? throw Broken("lists a storage without a name"), types);
    }

    public object? Root { get; }

    public byte[] Read(TorchStorage storage, long start, long length)
    {
        start += storage.Start * storage.Type.Size();
        if (!_places.TryGetValue(storage.Key, out var place) || start + length > place.Length)
            throw Broken($"lacks the storage '{storage.Key}' or a part of it");
        _file.Position = place.Offset + start;
        var bytes = new byte[length];
        _file.ReadExactly(bytes);
        return bytes;
    }

    public void Dispose() => _file.Dispose();

    private object? Next() => new PickleReader(_path, _file).Read();

    private void Locate(string key, Dictionary<string, ElementType> types)
    {
        if (!types.TryGetValue(key, out var type))
            throw Broken($"lists the storage '{key}', which no tensor uses");
        var head = new byte[8];
        if (_file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            throw Broken($"ends before the storage '{key}'");
        var count = BinaryPrimitives.ReadInt64LittleEndian(head);
        if (count < 0 || count > (_file.Length - _file.Position) / type.Size())
            throw Broken($"ends within the storage '{key}'");
        _places[key] = (_file.Position, count * type.Size());
        _file.Position += count * type.Size();
    }

    private InvalidInputException Broken(string what) => new($"{what}: it is truncated or damaged", _path, "Fetch or export the file again.");
}
