using System.Buffers.Binary;
using System.Text.Json;

namespace Falcon.Weights;

/// <summary>Writes safetensors files. The same tensors and metadata give the same bytes.</summary>
public static class SafetensorsWriter
{
    /// <summary>Writes or replaces a file in one step (see <see cref="AtomicFile"/>).</summary>
    /// <param name="path">The file.</param>
    /// <param name="tensors">The header keeps this order; the data lie widest type first, so that every tensor is aligned for mapping.</param>
    /// <param name="metadata">Texts beside the tensors, written in ordinal order of their keys.</param>
    /// <exception cref="ArgumentException">Two tensors share a name, or bytes do not fit type and shape.</exception>
    /// <exception cref="InvalidInputException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<StoredTensor> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var byWidth = tensors.OrderByDescending(tensor => tensor.Type.Size()).ToArray();
        var header = Header(tensors, byWidth, metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var tensor in byWidth)
                stream.Write(tensor.Bytes.Span);
        });
    }

    private static byte[] Header(IReadOnlyList<StoredTensor> tensors, StoredTensor[] byWidth, IReadOnlyDictionary<string, string>? metadata)
    {
        var offsets = new Dictionary<string, long>();
        var end = 0L;
        foreach (var tensor in byWidth)
        {
            if (tensor.Name == SafetensorsHeader.MetadataKey || !offsets.TryAdd(tensor.Name, end))
                throw new ArgumentException($"The name '{tensor.Name}' is taken.", nameof(tensors));
            if (TensorSize.Bytes(tensor.Type, [.. tensor.Shape]) != tensor.Bytes.Length)
                throw new ArgumentException($"The bytes of '{tensor.Name}' do not fit its type and shape.", nameof(tensors));
            end += tensor.Bytes.Length;
        }

        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject(SafetensorsHeader.MetadataKey);
                foreach (var (key, text) in metadata.OrderBy(item => item.Key, StringComparer.Ordinal))
                    json.WriteString(key, text);
                json.WriteEndObject();
            }
            foreach (var tensor in tensors)
                WriteEntry(json, tensor, offsets[tensor.Name]);
            json.WriteEndObject();
        }
        while (buffer.Length % 8 != 0)
            buffer.WriteByte((byte)' ');
        return buffer.ToArray();
    }

    private static void WriteEntry(Utf8JsonWriter json, StoredTensor tensor, long begin)
    {
        json.WriteStartObject(tensor.Name);
        json.WriteString("dtype", tensor.Type.SafetensorsName());
        json.WriteStartArray("shape");
        foreach (var side in tensor.Shape)
            json.WriteNumberValue(side);
        json.WriteEndArray();
        json.WriteStartArray("data_offsets");
        json.WriteNumberValue(begin);
        json.WriteNumberValue(begin + tensor.Bytes.Length);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
