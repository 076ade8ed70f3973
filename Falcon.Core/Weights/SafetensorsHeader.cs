using System.Buffers.Binary;
using System.Text.Json;
using Falcon.Imaging;

namespace Falcon.Weights;

/// <summary>The header of a safetensors file, checked against the file's length before any of it is believed.</summary>
internal sealed class SafetensorsHeader
{
    public const string MetadataKey = "__metadata__";
    private const long LargestHeader = 100_000_000;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 8 };
    private readonly string _path;

    private SafetensorsHeader(string path) => _path = path;

    public List<string> Names { get; } = [];

    public Dictionary<string, SafetensorsEntry> Entries { get; } = [];

    public Dictionary<string, string> Metadata { get; } = [];

    /// <param name="path">Only for messages.</param>
    /// <param name="file">The file at its start.</param>
    public static SafetensorsHeader Read(string path, Stream file)
    {
        var header = new SafetensorsHeader(path);
        if (file.Length < 8)
            throw header.Other(file, "is too short for a safetensors file");
        var prefix = new byte[8];
        file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > (ulong)Math.Min(file.Length - 8, LargestHeader))
            throw header.Other(file, $"claims a header of {length} bytes, the file has {file.Length}");
        var json = new byte[length];
        file.ReadExactly(json);
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            header.Parse(document.RootElement, 8 + (long)length, file.Length);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw header.Broken($"has a malformed header ({error.Message})");
        }
        return header;
    }

    private void Parse(JsonElement root, long dataStart, long fileLength)
    {
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                foreach (var item in property.Value.EnumerateObject())
                    Metadata.Add(item.Name, item.Value.GetString() ?? throw Broken($"has no text for the metadata '{item.Name}'"));
                continue;
            }
            Names.Add(property.Name);
            Entries.Add(property.Name, ParseEntry(property.Name, property.Value, dataStart, fileLength));
        }
        CheckCoverage(dataStart, fileLength);
    }

    private SafetensorsEntry ParseEntry(string name, JsonElement value, long dataStart, long fileLength)
    {
        var typeName = value.GetProperty("dtype").GetString() ?? "";
        var type = ElementTypes.FromSafetensorsName(typeName) ?? throw Broken($"stores '{name}' as '{typeName}', a type that is not supported");
        var shape = value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()).ToArray();
        var offsets = value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > fileLength - dataStart)
            throw Broken($"places '{name}' outside of the file");
        if (TensorSize.Bytes(type, shape) != end - begin)
            throw Broken($"gives '{name}' the shape [{string.Join(", ", shape)}] of {typeName}, but {end - begin} bytes");
        return new SafetensorsEntry(type, shape, dataStart + begin, end - begin);
    }

    /// <summary>The format asks that the tensors cover the data without gap or overlap.</summary>
    private void CheckCoverage(long dataStart, long fileLength)
    {
        var covered = dataStart;
        foreach (var (name, entry) in Entries.OrderBy(item => item.Value.Offset).ThenBy(item => item.Value.Length))
        {
            if (entry.Offset != covered)
                throw Broken($"has {(entry.Offset < covered ? "an overlap" : "a gap")} before '{name}'");
            covered += entry.Length;
        }
        if (covered != fileLength)
            throw Broken($"has {fileLength - covered} bytes that belong to no tensor");
    }

    // What else people name as weights or models: a page that asks to sign in, what Git LFS has not fetched, an archive.
    private InvalidInputException Other(Stream file, string otherwise)
    {
        var start = new byte[Math.Min(file.Length, 64)];
        file.Position = 0;
        file.ReadExactly(start);
        return start.Length == 0 ? Broken("is empty")
            : ImageSignature.IsPointer(start) ? new("is not fetched from Git LFS, this is only what stands for it", _path, "Fetch it: git lfs pull.")
            : ImageSignature.KindOf(start) is { } kind ? new($"is {kind}, which holds no weights that are read", _path, "Give a safetensors file, a PyTorch checkpoint, or a model that Falcon wrote.")
            : Broken(otherwise);
    }

    private InvalidInputException Broken(string what) => new(what, _path, "Fetch or export the file again.");
}

/// <summary>Where a tensor lies in a safetensors file.</summary>
/// <param name="Type">The number type.</param>
/// <param name="Shape">The sides; empty for a scalar.</param>
/// <param name="Offset">Bytes from the start of the file.</param>
/// <param name="Length">Bytes of the dense, row-major data.</param>
public sealed record SafetensorsEntry(ElementType Type, IReadOnlyList<long> Shape, long Offset, long Length) : TensorEntry(Type, Shape);
