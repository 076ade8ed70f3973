using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>The first directory of a TIFF structure: that of a TIFF file, or that of the EXIF block of another format.</summary>
internal readonly ref struct TiffDirectory
{
    private const int WidthTag = 256, HeightTag = 257, PhotometricTag = 262, OrientationTag = 274;
    private const int Short = 3, Long = 4, EntrySize = 12;

    private readonly ReadOnlySpan<byte> _data;
    private readonly bool _littleEndian;
    private readonly int _entries, _count;

    /// <exception cref="EndOfStreamException">The directory lies behind the end of the data.</exception>
    /// <exception cref="InvalidDataException">This is no TIFF structure.</exception>
    public TiffDirectory(ReadOnlySpan<byte> data)
    {
        _data = data;
        if (data.Length < 8) throw new EndOfStreamException();
        _littleEndian = data[0] == 'I';
        if (UInt16(2) != 42) throw new InvalidDataException("it is a TIFF file of an unsupported kind");
        var start = UInt32(4);
        if (start + 2L > data.Length) throw new EndOfStreamException();
        _count = UInt16((int)start);
        _entries = (int)start + 2;
        if (_entries + (long)_count * EntrySize > data.Length) throw new EndOfStreamException();
    }

    public long Width => Find(WidthTag) ?? 0;

    public long Height => Find(HeightTag) ?? 0;

    /// <summary>True when the photometric interpretation is gray, white or black being zero.</summary>
    public bool IsGray => Find(PhotometricTag) is 0 or 1;

    /// <summary>Upright when there is no such tag or its value is unknown.</summary>
    public Orientation Orientation => Find(OrientationTag) is >= 1 and <= 8 and var value ? (Orientation)value : Orientation.Upright;

    private long? Find(int tag)
    {
        for (var i = 0; i < _count; i++)
        {
            var entry = _entries + i * EntrySize;
            if (UInt16(entry) != tag) continue;
            return UInt16(entry + 2) switch
            {
                Short => UInt16(entry + 8),
                Long => UInt32(entry + 8),
                _ => null,
            };
        }
        return null;
    }

    private int UInt16(int offset) =>
        _littleEndian ? BinaryPrimitives.ReadUInt16LittleEndian(_data[offset..]) : BinaryPrimitives.ReadUInt16BigEndian(_data[offset..]);

    private uint UInt32(int offset) =>
        _littleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(_data[offset..]) : BinaryPrimitives.ReadUInt32BigEndian(_data[offset..]);
}
