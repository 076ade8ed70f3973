using System.Buffers.Binary;
using System.Text;
using SkiaSharp;

namespace Falcon.Reports;

/// <summary>A TrueType font without the outlines that a text does not need. Glyphs keep their numbers, so nothing else changes (OpenType specification, tables
/// "glyf", "loca" and "head").</summary>
internal sealed class FontSubset
{
    // What drawing and embedding need; tables for shaping, bitmaps and signatures go.
    private static readonly string[] Kept = ["OS/2", "cmap", "cvt ", "fpgm", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "name", "post", "prep"];

    private readonly byte[] _font;
    private readonly SortedDictionary<string, Range> _tables = new(StringComparer.Ordinal);

    private FontSubset(byte[] font)
    {
        _font = font;
        for (var i = 0; i < UInt16(4); i++)
        {
            var record = 12 + 16 * i;
            var start = (int)UInt32(record + 8);
            _tables[Encoding.ASCII.GetString(font, record, 4)] = start..(start + (int)UInt32(record + 12));
        }
    }

    /// <summary>The typeface with the characters of a text; the whole one where the file is a collection or its outlines are of another kind.</summary>
    public static SKTypeface Of(SKTypeface typeface, string text)
    {
        using var stream = typeface.OpenStream(out var index);
        var font = new byte[stream.Length];
        if (index != 0 || stream.Read(font, font.Length) != font.Length || BinaryPrimitives.ReadUInt32BigEndian(font) is not (0x00010000 or 0x74727565))
            return SKTypeface.FromStream(typeface.OpenStream(out var same), same);
        var subset = new FontSubset(font);
        if (!subset._tables.ContainsKey("loca") || !subset._tables.ContainsKey("glyf"))
            return SKTypeface.FromStream(typeface.OpenStream(out var whole), whole);
        using var data = SKData.CreateCopy(subset.With(typeface.GetGlyphs(text)));
        return SKTypeface.FromData(data);
    }

    private byte[] With(IEnumerable<ushort> glyphs)
    {
        var count = UInt16(Start("maxp") + 4);
        HashSet<int> used = [0];
        foreach (var glyph in glyphs)
            Use(glyph, used);

        using var outlines = new MemoryStream();
        var places = new byte[4 * (count + 1)];
        for (var glyph = 0; glyph < count; glyph++)
        {
            if (used.Contains(glyph))
                outlines.Write(_font.AsSpan(Outline(glyph)));
            outlines.SetLength(outlines.Position = (outlines.Length + 3) & ~3);
            BinaryPrimitives.WriteUInt32BigEndian(places.AsSpan(4 * (glyph + 1)), (uint)outlines.Length);
        }
        var head = Table("head");
        head[51] = 1;
        var metrics = Table("hmtx");
        for (var glyph = 0; glyph < UInt16(Start("hhea") + 34); glyph++)
        {
            if (!used.Contains(glyph))
                metrics.AsSpan(4 * glyph, 4).Clear();
        }
        byte[] names = [0, 3, 0, 0, .. Table("post").AsSpan(4, 28)];
        var changed = new Dictionary<string, byte[]> { ["glyf"] = outlines.ToArray(), ["loca"] = places, ["head"] = head, ["hmtx"] = metrics, ["post"] = names };
        return Assemble([.. Kept.Where(_tables.ContainsKey).Select(name => (name, changed.GetValueOrDefault(name) ?? Table(name)))]);
    }

    // A glyph, and those that it is composed of.
    private void Use(int glyph, HashSet<int> used)
    {
        var (start, length) = Outline(glyph).GetOffsetAndLength(_font.Length);
        if (!used.Add(glyph) || length == 0 || (short)UInt16(start) >= 0)
            return;
        int flags;
        var part = start + 10;
        do
        {
            flags = UInt16(part);
            Use(UInt16(part + 2), used);
            part += 4 + ((flags & 1) != 0 ? 4 : 2) + ((flags & 8) != 0 ? 2 : (flags & 0x40) != 0 ? 4 : (flags & 0x80) != 0 ? 8 : 0);
        }
        while ((flags & 0x20) != 0);
    }

    private Range Outline(int glyph)
    {
        var (loca, glyf) = (Start("loca"), Start("glyf"));
        return UInt16(Start("head") + 50) == 0
            ? (glyf + 2 * UInt16(loca + 2 * glyph))..(glyf + 2 * UInt16(loca + 2 * glyph + 2))
            : (glyf + (int)UInt32(loca + 4 * glyph))..(glyf + (int)UInt32(loca + 4 * glyph + 4));
    }

    private static byte[] Assemble(IReadOnlyList<(string Name, byte[] Content)> tables)
    {
        var start = 12 + 16 * tables.Count;
        var font = new byte[start + tables.Sum(table => (table.Content.Length + 3) & ~3)];
        var power = (ushort)(1 << (int)Math.Log2(tables.Count));
        ushort[] header = [0x0001, 0, (ushort)tables.Count, (ushort)(16 * power), (ushort)Math.Log2(power), (ushort)(16 * (tables.Count - power))];
        for (var i = 0; i < header.Length; i++)
            BinaryPrimitives.WriteUInt16BigEndian(font.AsSpan(2 * i), header[i]);
        for (var i = 0; i < tables.Count; i++)
        {
            var (name, content) = tables[i];
            content.CopyTo(font, start);
            var padded = (content.Length + 3) & ~3;
            uint sum = 0;
            for (var word = start; word < start + padded; word += 4)
                sum += BinaryPrimitives.ReadUInt32BigEndian(font.AsSpan(word));
            Encoding.ASCII.GetBytes(name, font.AsSpan(12 + 16 * i));
            uint[] record = [sum, (uint)start, (uint)content.Length];
            for (var field = 0; field < record.Length; field++)
                BinaryPrimitives.WriteUInt32BigEndian(font.AsSpan(16 + 16 * i + 4 * field), record[field]);
            start += padded;
        }
        return font;
    }

    private byte[] Table(string name) => _font[_tables[name]];

    private int Start(string name) => _tables[name].Start.Value;

    private int UInt16(int at) => BinaryPrimitives.ReadUInt16BigEndian(_font.AsSpan(at));

    private uint UInt32(int at) => BinaryPrimitives.ReadUInt32BigEndian(_font.AsSpan(at));
}
