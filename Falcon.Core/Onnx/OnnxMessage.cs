using Google.Protobuf;
using static Google.Protobuf.WireFormat;

namespace Falcon.Onnx;

/// <summary>A message of protocol buffers: fields by number, in the order in which they are added. Constants are written from where they lie, without a copy.</summary>
internal sealed class OnnxMessage
{
    private readonly List<(long Size, Action<CodedOutputStream> Write)> _fields = [];

    /// <summary>Its length in bytes.</summary>
    public long Size => _fields.Sum(part => part.Size);

    /// <summary>Adds a whole number.</summary>
    public OnnxMessage Add(int field, long value) =>
        Add(field, WireType.Varint, CodedOutputStream.ComputeInt64Size(value), output => output.WriteInt64(value));

    /// <summary>Adds a number of single precision.</summary>
    public OnnxMessage Add(int field, float value) => Add(field, WireType.Fixed32, sizeof(float), output => output.WriteFloat(value));

    /// <summary>Adds a text.</summary>
    public OnnxMessage Add(int field, string value) =>
        Add(field, WireType.LengthDelimited, CodedOutputStream.ComputeStringSize(value), output => output.WriteString(value));

    /// <summary>Adds bytes, which must not change before the message is written.</summary>
    public OnnxMessage Add(int field, ReadOnlyMemory<byte> bytes) => Add(
        field, WireType.LengthDelimited, Prefixed(bytes.Length), output => output.WriteBytes(UnsafeByteOperations.UnsafeWrap(bytes)));

    /// <summary>Adds another message, which must be complete.</summary>
    public OnnxMessage Add(int field, OnnxMessage message)
    {
        var size = message.Size;
        return Add(field, WireType.LengthDelimited, Prefixed(size), output =>
        {
            output.WriteLength((int)size);
            message.Write(output);
        });
    }

    /// <summary>Writes all fields.</summary>
    public void Write(CodedOutputStream output)
    {
        foreach (var (_, write) in _fields)
            write(output);
    }

    private OnnxMessage Add(int field, WireType type, long size, Action<CodedOutputStream> write)
    {
        _fields.Add((CodedOutputStream.ComputeTagSize(field) + size, output =>
        {
            output.WriteTag(field, type);
            write(output);
        }
        ));
        return this;
    }

    private static long Prefixed(long size) => CodedOutputStream.ComputeUInt64Size((ulong)size) + size;
}
