using System.IO.Compression;

namespace Falcon.Weights.Pickle;

/// <summary>The zip layout (PyTorch 1.6 and later): <c>NAME/data.pkl</c> and one uncompressed entry <c>NAME/data/KEY</c> per storage.</summary>
internal sealed class ZipCheckpoint : IStorageSource
{
    private const string ProgramName = "data.pkl";
    private const long LargestProgram = 1 << 28;
    private readonly string _path;
    private readonly long _fileLength;
    private readonly ZipArchive _archive;
    private readonly string _folder;

    /// <param name="path">For messages.</param>
    /// <param name="file">The file at its start; closed with this object.</param>
    public ZipCheckpoint(string path, FileStream file)
    {
        _path = path;
        _fileLength = file.Length;
        _archive = Guard(() => new ZipArchive(file, ZipArchiveMode.Read));
        var program = Guard(() => _archive.Entries.FirstOrDefault(entry => entry.Name == ProgramName))
            ?? throw new InvalidInputException("is a zip file, but holds no PyTorch checkpoint", path, "Give a file written by torch.save.");
        _folder = program.FullName[..^ProgramName.Length];
        if (_archive.GetEntry(_folder + "byteorder") is { } order && !ReadEntry(order, 0, 6).AsSpan().SequenceEqual("little"u8))
            throw new InvalidInputException("was written on a big-endian machine", path, "Convert it with PyTorch on an ordinary machine.");
        if (program.Length > LargestProgram)
            throw Broken("describes more than any checkpoint holds");
        Root = new PickleReader(path, new MemoryStream(ReadEntry(program, 0, program.Length))).Read();
    }

    public object? Root { get; }

    public byte[] Read(TorchStorage storage, long start, long length)
    {
        var entry = _archive.GetEntry($"{_folder}data/{storage.Key}") ?? throw Broken($"lacks the storage '{storage.Key}'");
        return ReadEntry(entry, start, length);
    }

    public void Dispose() => _archive.Dispose();

    /// <summary>torch.save never compresses, so an entry is no longer than the file; a compressed one is not let grow.</summary>
    private byte[] ReadEntry(ZipArchiveEntry entry, long start, long length)
    {
        if (entry.CompressedLength != entry.Length || entry.Length > _fileLength || start + length > entry.Length)
            throw Broken($"has an entry '{entry.FullName}' that is compressed or too short");
        return Guard(() =>
        {
            using var stream = entry.Open();
            var bytes = new byte[length];
            Skip(stream, start);
            stream.ReadExactly(bytes);
            return bytes;
        });
    }

    private static void Skip(Stream stream, long count)
    {
        var buffer = new byte[(int)Math.Min(count, 1 << 16)];
        for (; count > 0; count -= Math.Min(count, buffer.Length))
            stream.ReadExactly(buffer.AsSpan(0, (int)Math.Min(count, buffer.Length)));
    }

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw Broken($"cannot be read as a zip file ({error.Message})");
        }
    }

    private InvalidInputException Broken(string what) => new($"{what}: it is truncated or damaged", _path, "Fetch or export the file again.");
}
