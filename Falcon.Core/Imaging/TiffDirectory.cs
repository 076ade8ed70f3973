using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>A directory of a TIFF structure (TIFF 6.0, or BigTIFF with its longer numbers): of a TIFF file, or of the EXIF block of another format.</summary>
internal readonly ref struct TiffDirectory
{
    private const int Byte = 1, Short = 3, Long = 4, Undefined = 7, Long8 = 16, Plain = 42, Big = 43;

    private readonly ReadOnlySpan<byte> _data;
    private readonly bool _isBig;
    private readonly int _entries, _count;

    /// <summary>The first directory.</summary>
    /// <exception cref="EndOfStreamException">The directory lies behind the end of the data.</exception>
    /// <exception cref="InvalidDataException">This is no TIFF structure.</exception>
    public TiffDirectory(ReadOnlySpan<byte> data) : this(data, null)
    {
    }

    /// <summary>Another directory.</summary>
    /// <param name="data">The whole structure.</param>
    /// <param name="start">Where the directory is (<see cref="Next"/>); null for the first one.</param>
    /// <inheritdoc cref="TiffDirectory(ReadOnlySpan{byte})" path="/exception"/>
    public TiffDirectory(ReadOnlySpan<byte> data, long? start)
    {
        _data = data;
        if (data.Length < 8) throw new EndOfStreamException();
        IsLittleEndian = data[0] == 'I';
        var kind = UInt16(2);
        if (kind is not (Plain or Big)) throw new InvalidDataException("it is a TIFF file of an unsupported kind");
        _isBig = kind == Big;
        if (_isBig && data.Length < 16) throw new EndOfStreamException();
        var at = start ?? Offset(_isBig ? 8 : 4);
        var (head, tail) = _isBig ? (8, 8) : (2, 4);
        // Numbers of 64 bits overflow when they are added to.
        if (at < 8 || at > data.Length - head) throw new EndOfStreamException();
        var count = _isBig ? Offset((int)at) : UInt16((int)at);
        if (count < 0 || count > (data.Length - at - head) / EntrySize) throw new EndOfStreamException();
        (_entries, _count) = ((int)at + head, (int)count);
        var end = _entries + _count * EntrySize;
        Next = end + tail <= data.Length ? Offset(end) : 0;
    }

    /// <summary>Where the next directory is; 0 when there is none.</summary>
    public long Next { get; }

    private int EntrySize => _isBig ? 20 : 12;

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
        if (Place(tag) is not var (type, count, place) || SizeOf(type) is not (> 0 and var size) || type == Undefined) return [];
        var values = new long[count];
        for (var i = 0; i < count; i++)
        {
            var at = (int)place + i * size;
            values[i] = type switch
            {
                Byte => _data[at],
                Short => UInt16(at),
                Long => UInt32(at),
                _ => Offset(at),
            };
        }
        return values;
    }

    /// <summary>The bytes of a field, wherever they stand; empty when there is none.</summary>
    /// <exception cref="EndOfStreamException">They lie behind the end of the data.</exception>
    public ReadOnlySpan<byte> Bytes(TiffTag tag) => Place(tag) is var (type, count, place) && type is Byte or Undefined ? _data.Slice((int)place, (int)count) : [];

    // Type, number and place of a field's values.
    private (int Type, long Count, long Place)? Place(TiffTag tag)
    {
        for (var i = 0; i < _count; i++)
        {
            var entry = _entries + i * EntrySize;
            if (UInt16(entry) != (int)tag) continue;
            var (type, count, place) = (UInt16(entry + 2), _isBig ? Offset(entry + 4) : UInt32(entry + 4), (long)entry + (_isBig ? 12 : 8));
            var size = Math.Max(1, SizeOf(type));
            if (count < 0 || count > _data.Length) throw new EndOfStreamException();
            if (count * size > (_isBig ? 8 : 4)) place = Offset((int)place);
            return place >= 0 && place <= _data.Length - count * size ? (type, count, place) : throw new EndOfStreamException();
        }
        return null;
    }

    private static int SizeOf(int type) => type switch
    {
        Byte or Undefined => 1,
        Short => 2,
        Long => 4,
        Long8 => 8,
        _ => 0,
    };

    private long Offset(int place) => !_isBig ? UInt32(place)
        : IsLittleEndian ? BinaryPrimitives.ReadInt64LittleEndian(_data[place..]) : BinaryPrimitives.ReadInt64BigEndian(_data[place..]);

    private int UInt16(int offset) =>
        IsLittleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(_data[offset..]) : BinaryPrimitives.ReadUInt16BigEndian(_data[offset..]);

    private uint UInt32(int offset) =>
        IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(_data[offset..]) : BinaryPrimitives.ReadUInt32BigEndian(_data[offset..]);
}
