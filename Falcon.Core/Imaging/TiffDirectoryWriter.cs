using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>Gives a TIFF file another first directory. Fields are added in the order of their numbers.</summary>
/// <param name="isLittleEndian">The byte order of the file.</param>
internal sealed class TiffDirectoryWriter(bool isLittleEndian)
{
    private const int Short = 3, Long = 4, EntrySize = 12;

    private readonly List<(TiffTag Tag, long[] Values)> _fields = [];

    /// <summary>Adds a field of whole numbers from 0 to 2³² − 1.</summary>
    public void Add(TiffTag tag, params long[] values) => _fields.Add((tag, values));

    /// <summary>A copy of the file that ends with the directory and starts by naming it.</summary>
    public byte[] AppendTo(ReadOnlySpan<byte> file)
    {
        var directory = file.Length + _fields.Sum(field => IsInEntry(field) ? 0 : Size(field));
        var result = new byte[directory + 2 + _fields.Count * EntrySize + 4];
        file.CopyTo(result);
        Write(result, 2, 2, 42);
        Write(result, 4, 4, directory);
        Write(result, directory, 2, _fields.Count);
        var (values, entry) = (file.Length, directory + 2);
        foreach (var field in _fields)
        {
            Write(result, entry, 2, (long)field.Tag);
            Write(result, entry + 2, 2, NumberSize(field.Tag) == 2 ? Short : Long);
            Write(result, entry + 4, 4, field.Values.Length);
            var place = entry + 8;
            if (!IsInEntry(field))
            {
                Write(result, place, 4, values);
                place = values;
                values += Size(field);
            }
            for (var i = 0; i < field.Values.Length; i++) Write(result, place + i * NumberSize(field.Tag), NumberSize(field.Tag), field.Values[i]);
            entry += EntrySize;
        }
        return result;
    }

    private static int NumberSize(TiffTag tag) =>
        tag is TiffTag.Width or TiffTag.Height or TiffTag.StripOffsets or TiffTag.RowsPerStrip or TiffTag.StripByteCounts or TiffTag.FaxOptions ? 4 : 2;

    private static int Size((TiffTag Tag, long[] Values) field) => field.Values.Length * NumberSize(field.Tag);

    private static bool IsInEntry((TiffTag, long[]) field) => Size(field) <= 4;

    private void Write(Span<byte> file, int place, int size, long value)
    {
        var target = file.Slice(place, size);
        if (size == 2 && isLittleEndian) BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)value);
        else if (size == 2) BinaryPrimitives.WriteUInt16BigEndian(target, (ushort)value);
        else if (isLittleEndian) BinaryPrimitives.WriteUInt32LittleEndian(target, (uint)value);
        else BinaryPrimitives.WriteUInt32BigEndian(target, (uint)value);
    }
}
