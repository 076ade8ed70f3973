using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>The first directory of a TIFF structure (TIFF 6.0): that of a TIFF file, or that of the EXIF block of another format.</summary>
internal readonly ref struct TiffDirectory
{
    private const int Short = 3, Long = 4, EntrySize = 12, ValueOffset = 8;

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

    /// <summary>Whether numbers stand with their lowest byte first.</summary>
    public bool IsLittleEndian { get; }

    /// <summary>Upright when there is no such tag or its value is unknown.</summary>
    public Orientation Orientation => Value(TiffTag.Orientation, 0) is >= 1 and <= 8 and var value ? (Orientation)value : Orientation.Upright;

    /// <summary>The first value of a field of whole numbers.</summary>
    /// <param name="tag">The field.</param>
    /// <param name="absent">What the field means where there is none.</param>
    /// <exception cref="EndOfStreamException">It lies behind the end of the data.</exception>
    public long Value(TiffTag tag, long absent) => Values(tag) is [var first, ..] ? first : absent;

    /// <summary>All values of a field of whole numbers, wherever they stand; empty when there is none.</summary>
    /// <exception cref="EndOfStreamException">They lie behind the end of the data.</exception>
    public long[] Values(TiffTag tag)
    {
        if (Place(tag) is not { } place) return [];
        var (type, count) = (UInt16(place - ValueOffset + 2), UInt32(place - 4));
        if (type is not (Short or Long)) return [];
        var size = type == Short ? 2 : 4;
        var start = count * size <= 4 ? place : (long)UInt32(place);
        if (start + count * size > _data.Length) throw new EndOfStreamException();
        var values = new long[count];
        for (var i = 0; i < count; i++)
            values[i] = type == Short ? (uint)UInt16((int)start + i * size) : UInt32((int)start + i * size);
        return values;
    }

    private int? Place(TiffTag tag)
    {
        for (var i = 0; i < _count; i++)
        {
            if (UInt16(_entries + i * EntrySize) == (int)tag) return _entries + i * EntrySize + ValueOffset;
        }
        return null;
    }

    private int UInt16(int offset) =>
        IsLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(_data[offset..]) : BinaryPrimitives.ReadUInt16BigEndian(_data[offset..]);

    private uint UInt32(int offset) =>
        IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(_data[offset..]) : BinaryPrimitives.ReadUInt32BigEndian(_data[offset..]);
}
