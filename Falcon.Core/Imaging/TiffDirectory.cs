using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>The first directory of a TIFF structure (TIFF 6.0): that of a TIFF file, or that of the EXIF block of another format.</summary>
internal readonly ref struct TiffDirectory
{
    private const int Byte = 1, Short = 3, Long = 4, EntrySize = 12;

    private readonly ReadOnlySpan<byte> _data;
    private readonly int _entries, _count;

    /// <exception cref="EndOfStreamException">The directory lies behind the end of the data.</exception>
    /// <exception cref="InvalidDataException">This is no TIFF structure.</exception>
    public TiffDirectory(ReadOnlySpan<byte> data)
    {
        _data = data;
        if (data.Length < 8) throw new EndOfStreamException();
        IsLittleEndian = data[0] == 'I';
        if (UInt16(2) != 42) throw new InvalidDataException("it is a TIFF file of an unsupported kind");
        var start = UInt32(4);
        if (start + 2L > data.Length) throw new EndOfStreamException();
        _count = UInt16((int)start);
        _entries = (int)start + 2;
        if (_entries + (long)_count * EntrySize > data.Length) throw new EndOfStreamException();
    }

    public bool IsLittleEndian { get; }

    /// <summary>Upright when there is no such tag or its value is unknown.</summary>
    public Orientation Orientation => Value(TiffTag.Orientation, 1) is >= 1 and <= 8 and var value ? (Orientation)value : Orientation.Upright;

    /// <summary>The first value of a field, or <paramref name="absent"/>.</summary>
    public long Value(TiffTag tag, long absent) => Values(tag) is [var first, ..] ? first : absent;

    /// <summary>The values of a field of whole numbers; empty when there is none.</summary>
    /// <exception cref="EndOfStreamException">They lie behind the end of the data.</exception>
    public long[] Values(TiffTag tag)
    {
        for (var i = 0; i < _count; i++)
        {
            var entry = _entries + i * EntrySize;
            if (UInt16(entry) != (int)tag) continue;
            var size = UInt16(entry + 2) switch { Byte => 1, Short => 2, Long => 4, _ => 0 };
            if (size == 0) return [];
            var count = UInt32(entry + 4);
            var start = count * size <= 4 ? (uint)entry + 8 : UInt32(entry + 8);
            if (start + (long)count * size > _data.Length) throw new EndOfStreamException();
            var values = new long[count];
            for (var k = 0; k < values.Length; k++)
            {
                var at = (int)start + k * size;
                values[k] = size switch { 1 => _data[at], 2 => UInt16(at), _ => UInt32(at) };
            }
            return values;
        }
        return [];
    }

    private int UInt16(int offset) =>
        IsLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(_data[offset..]) : BinaryPrimitives.ReadUInt16BigEndian(_data[offset..]);

    private uint UInt32(int offset) =>
        IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(_data[offset..]) : BinaryPrimitives.ReadUInt32BigEndian(_data[offset..]);
}
