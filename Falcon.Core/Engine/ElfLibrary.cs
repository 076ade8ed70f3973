using System.Buffers.Binary;
using System.Text;

namespace Falcon.Engine;

/// <summary>The dynamic symbols of a shared library for 64-bit Linux, little-endian, and the versions that they ask for. Changes are made in <see cref="Bytes"/>.</summary>
/// <remarks>Structures as in the System V ABI and, for versions, the Linux Standard Base ("Symbol Versioning").</remarks>
internal sealed class ElfLibrary
{
    private const int Strings = 3, DynamicSymbols = 11, NeededVersions = 0x6ffffffe, SymbolVersions = 0x6fffffff;
    private const int SectionTable = 0x28, SectionSize = 0x3A, SectionCount = 0x3C, SymbolSize = 24;

    private readonly Section _symbols, _names, _versions, _needed;

    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public ElfLibrary(byte[] bytes)
    {
        Bytes = bytes;
        try
        {
            if (!bytes.AsSpan().StartsWith("\u007fELF\u0002\u0001"u8))
                throw new InvalidDataException("It is no 64-bit little-endian ELF file.");
            var sections = Enumerable.Range(0, Short(SectionCount)).Select(i => Section.At(this, (int)Long(SectionTable) + i * Short(SectionSize))).ToList();
            _symbols = sections.Single(section => section.Type == DynamicSymbols);
            _names = sections[_symbols.Link];
            _versions = sections.Single(section => section.Type == SymbolVersions);
            _needed = sections.Single(section => section.Type == NeededVersions);
            if (_names.Type != Strings)
                throw new InvalidDataException("Its dynamic symbols have no names.");
        }
        catch (Exception error) when (error is ArgumentException or InvalidOperationException or IndexOutOfRangeException)
        {
            throw new InvalidDataException("Its sections are not those of a shared library.", error);
        }
    }

    /// <summary>The whole file.</summary>
    public byte[] Bytes { get; }

    /// <summary>Lets a needed version of a library be taken for another one that is needed from it too.</summary>
    /// <exception cref="InvalidDataException">The file needs no such versions.</exception>
    public void ReplaceVersion(string library, string version, string by)
    {
        var versions = NeededFrom(library);
        Int(At(versions, by)).CopyTo(Int(At(versions, version)));
        Name(At(versions, by)).CopyTo(Name(At(versions, version)));

        Span<byte> Int(int entry) => Bytes.AsSpan(entry, sizeof(int)); // vna_hash
        Span<byte> Name(int entry) => Bytes.AsSpan(entry + 8, sizeof(int)); // vna_name
        static int At(IReadOnlyDictionary<string, int> versions, string name) =>
            versions.TryGetValue(name, out var entry) ? entry : throw new InvalidDataException($"It needs no version {name}.");
    }

    /// <summary>Lets an imported symbol be bound to another one that is imported too.</summary>
    /// <exception cref="InvalidDataException">The file has no such symbols.</exception>
    public void ReplaceSymbol(string symbol, string by)
    {
        int from = SymbolAt(by), to = SymbolAt(symbol);
        Bytes.AsSpan(_symbols.Start + from * SymbolSize, sizeof(int)).CopyTo(Bytes.AsSpan(_symbols.Start + to * SymbolSize));
        Bytes.AsSpan(_versions.Start + from * sizeof(short), sizeof(short)).CopyTo(Bytes.AsSpan(_versions.Start + to * sizeof(short)));
    }

    private int SymbolAt(string name)
    {
        for (var i = 0; i < _symbols.Length / SymbolSize; i++)
            if (Text(Int(_symbols.Start + i * SymbolSize)) == name)
                return i;
        throw new InvalidDataException($"It has no symbol {name}.");
    }

    /// <summary>Where the entry (<c>Elf64_Vernaux</c>) of each version is that the file needs from a library.</summary>
    private Dictionary<string, int> NeededFrom(string library)
    {
        for (int entry = _needed.Start, step = -1; step != 0; entry += step)
        {
            step = Int(entry + 12);
            if (Text(Int(entry + 4)) != library)
                continue;
            var versions = new Dictionary<string, int>();
            for (int version = entry + Int(entry + 8), left = Short(entry + 2); left > 0; version += Int(version + 12), left--)
                versions[Text(Int(version + 8))] = version;
            return versions;
        }
        throw new InvalidDataException($"It does not need {library}.");
    }

    private string Text(int name)
    {
        var rest = Bytes.AsSpan(_names.Start + name);
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private ushort Short(int at) => BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(at));

    private int Int(int at) => BinaryPrimitives.ReadInt32LittleEndian(Bytes.AsSpan(at));

    private long Long(int at) => BinaryPrimitives.ReadInt64LittleEndian(Bytes.AsSpan(at));

    private readonly record struct Section(int Type, int Start, int Length, int Link)
    {
        public static Section At(ElfLibrary file, int at) =>
            new(file.Int(at + 4), (int)file.Long(at + 0x18), (int)file.Long(at + 0x20), file.Int(at + 0x28));
    }
}
