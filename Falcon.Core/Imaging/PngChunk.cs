using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>One chunk of a PNG file: length, kind, data, checksum.</summary>
internal readonly ref struct PngChunk
{
    /// <summary>Bytes of a chunk besides its data.</summary>
    public const int Frame = 12;

    private readonly ReadOnlySpan<byte> _kind;

    private PngChunk(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        _kind = kind;
        Data = data;
    }

    public ReadOnlySpan<byte> Data { get; }

    /// <summary>False for chunks that a reader may ignore.</summary>
    public bool IsCritical => (_kind[0] & 0x20) == 0;

    public bool Is(ReadOnlySpan<byte> kind) => _kind.SequenceEqual(kind);

    /// <summary>The chunk at the start of <paramref name="bytes"/>. Checksums of pixel data are left to its compressed stream, which has its own.</summary>
    /// <exception cref="EndOfStreamException">The chunk is not complete.</exception>
    /// <exception cref="InvalidDataException">The checksum of a critical chunk is wrong.</exception>
    public static PngChunk Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Frame) throw new EndOfStreamException();
        var length = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        if (length > bytes.Length - Frame) throw new EndOfStreamException();
        var chunk = new PngChunk(bytes.Slice(4, 4), bytes.Slice(8, (int)length));
        if (chunk.IsCritical && !chunk.Is("IDAT"u8) && Checksum(bytes.Slice(4, 4 + (int)length)) != BinaryPrimitives.ReadUInt32BigEndian(bytes[(8 + (int)length)..]))
            throw new InvalidDataException("its PNG data are damaged (checksum)");
        return chunk;
    }

    /// <summary>Appends a chunk to <paramref name="file"/>.</summary>
    public static void Write(Stream file, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> data)
    {
        var bytes = new byte[Frame + data.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, data.Length);
        kind.CopyTo(bytes.AsSpan(4));
        data.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8 + data.Length), Checksum(bytes.AsSpan(4, 4 + data.Length)));
        file.Write(bytes);
    }

    private static readonly uint[] Remainders = [.. Enumerable.Range(0, 256).Select(value => Remainder((uint)value))];

    private static uint Remainder(uint value)
    {
        for (var bit = 0; bit < 8; bit++) value = (value & 1) != 0 ? 0xEDB88320 ^ (value >> 1) : value >> 1;
        return value;
    }

    // CRC-32 (ISO 3309).
    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes) crc = Remainders[(byte)(crc ^ value)] ^ (crc >> 8);
        return ~crc;
    }
}
