using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Falcon.Weights.Pickle;

/// <summary>Reads one pickle as data. It knows the opcodes that a state dict needs (protocols 2 to 5) and the names in <see cref="PickleGlobal"/>; whatever
/// else a pickle asks for is refused by name. Nothing is ever imported, called or executed.</summary>
/// <remarks>Of a TorchScript archive the objects are data, too: their attributes by name; its code is not read. Values: null, bool, long, BigInteger, double, string, byte[], object?[] (tuple), List, OrderedDictionary, <see cref="ScriptObject"/>, <see cref="TorchTensor"/>,
/// <see cref="TorchStorage"/>, <see cref="PickleGlobal"/>, <see cref="PickleObjects.Ignored"/>.</remarks>
/// <param name="path">For messages.</param>
/// <param name="stream">Where the pickle starts; afterwards it stands behind its last byte.</param>
internal sealed class PickleReader(string path, Stream stream)
{
    /// <summary>More opcodes than any checkpoint has (one tensor takes about 40): bounds time and memory.</summary>
    private const int LongestProgram = 2_000_000;

    private readonly long _end = stream.Length;
    private readonly List<object?> _stack = [];
    private readonly Stack<int> _marks = [];
    private readonly Dictionary<long, object?> _memo = [];

    /// <summary>Every storage that the pickle mentioned, also those of tensors that it dropped.</summary>
    public List<TorchStorage> Storages { get; } = [];

    /// <summary>The value of the pickle.</summary>
    /// <exception cref="InvalidInputException">The pickle is broken, or asks for something that is not data.</exception>
    public object? Read()
    {
        for (var count = 0; count < LongestProgram; count++)
        {
            var opcode = Byte();
            if (opcode == '.')
                return Pop();
            Step(opcode);
        }
        throw Broken("is longer than any state dict");
    }

    private void Step(byte opcode)
    {
        switch ((char)opcode)
        {
            case '\x80': // PROTO
                Byte();
                break;
            case '\x95': // FRAME
                Bytes(8);
                break;
            case '(': // MARK
                _marks.Push(_stack.Count);
                break;
            case '0': // POP
                Pop();
                break;
            case 'N': // NONE
                Push(null);
                break;
            case '\x88': // NEWTRUE
                Push(true);
                break;
            case '\x89': // NEWFALSE
                Push(false);
                break;
            case 'J': // BININT
                Push((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                break;
            case 'K': // BININT1
                Push((long)Byte());
                break;
            case 'M': // BININT2
                Push((long)BinaryPrimitives.ReadUInt16LittleEndian(Bytes(2)));
                break;
            case '\x8a': // LONG1
                Push(Long(Bytes(Byte())));
                break;
            case 'G': // BINFLOAT
                Push(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                break;
            case '\x8c': // SHORT_BINUNICODE
            case 'U': // SHORT_BINSTRING
                Push(Text(Byte()));
                break;
            case 'X': // BINUNICODE
            case 'T': // BINSTRING
                Push(Text(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                break;
            case 'C': // SHORT_BINBYTES
                Push(Bytes(Byte()));
                break;
            case '}': // EMPTY_DICT
                Push(new OrderedDictionary<object, object?>());
                break;
            case ']': // EMPTY_LIST
                Push(new List<object?>());
                break;
            case ')': // EMPTY_TUPLE
                Push(Array.Empty<object?>());
                break;
            case 't': // TUPLE
                Push(PopToMark());
                break;
            case '\x85': // TUPLE1
            case '\x86': // TUPLE2
            case '\x87': // TUPLE3
                Push(PopLast(opcode - 0x84));
                break;
            case 'a': // APPEND
                Append(PopLast(1));
                break;
            case 'e': // APPENDS
                Append(PopToMark());
                break;
            case 's': // SETITEM
                SetItems(PopLast(2));
                break;
            case 'u': // SETITEMS
                SetItems(PopToMark());
                break;
            case 'q': // BINPUT
                _memo[Byte()] = Top();
                break;
            case 'r': // LONG_BINPUT
                _memo[BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))] = Top();
                break;
            case '\x94': // MEMOIZE
                _memo[_memo.Count] = Top();
                break;
            case 'h': // BINGET
                Push(Recall(Byte()));
                break;
            case 'j': // LONG_BINGET
                Push(Recall(BinaryPrimitives.ReadUInt32LittleEndian(Bytes(4))));
                break;
            case 'c': // GLOBAL
                Push(Global(Line(), Line()));
                break;
            case '\x93': // STACK_GLOBAL
                var names = PopLast(2);
                Push(Global(names[0] as string ?? "?", names[1] as string ?? "?"));
                break;
            case 'R': // REDUCE
                Reduce();
                break;
            case '\x81': // NEWOBJ: an object of TorchScript
                if (PopLast(2) is not [PickleGlobal { Kind: PickleGlobal.Meaning.ScriptObject }, object?[] { Length: 0 }])
                    throw Refused("makes an object that is not part of a state dict; nothing of it was executed");
                Push(new ScriptObject());
                break;
            case 'b': // BUILD: those of an object of TorchScript; attributes of a dictionary (its version metadata) or of an ignored value do not matter
                var state = Pop();
                if (Top() is ScriptObject made)
                    made.Take(state as OrderedDictionary<object, object?> ?? throw Broken("gives an object of TorchScript something else than attributes"));
                else if (Top() is not OrderedDictionary<object, object?> && !ReferenceEquals(Top(), PickleObjects.Ignored))
                    throw Broken("sets attributes of something that has none");
                break;
            case 'Q': // BINPERSID
                Storages.Add(PickleObjects.Storage(Pop()) ?? throw Broken("refers to something that is not a storage of tensors"));
                Push(Storages[^1]);
                break;
            default:
                throw Refused($"uses the pickle opcode 0x{opcode:x2}, which a state dict does not need");
        }
    }

    private PickleGlobal Global(string module, string name) =>
        PickleGlobal.Find(module, name) ?? throw Refused($"asks for '{module}.{name}', which is not part of a state dict; nothing of it was executed");

    private void Reduce()
    {
        var parts = PopLast(2);
        if (parts is not [PickleGlobal global, object?[] arguments])
            throw Refused("calls something that is not part of a state dict; nothing of it was executed");
        Push(PickleObjects.Build(global, arguments) ?? throw Broken($"gives '{global.Name}' arguments that do not fit"));
    }

    private void Append(object?[] items)
    {
        if (Top() is not List<object?> list)
            throw Broken("appends to something that is not a list");
        list.AddRange(items);
    }

    private void SetItems(object?[] items)
    {
        if (Top() is not OrderedDictionary<object, object?> dictionary || items.Length % 2 != 0)
            throw Broken("sets items of something that is not a dictionary");
        for (var i = 0; i < items.Length; i += 2)
            dictionary[items[i] ?? throw Broken("has a dictionary key None")] = items[i + 1];
    }

    private void Push(object? value) => _stack.Add(value);

    private object? Top() => _stack.Count > Floor ? _stack[^1] : throw Broken("takes a value from an empty stack");

    private object? Pop() => PopLast(1)[0];

    private object?[] PopLast(int count)
    {
        if (_stack.Count - count < Floor)
            throw Broken("takes a value from an empty stack");
        return CutFrom(_stack.Count - count);
    }

    private object?[] PopToMark() => _marks.TryPop(out var mark) ? CutFrom(mark) : throw Broken("takes values up to a mark that it never set");

    private int Floor => _marks.TryPeek(out var mark) ? mark : 0;

    private object?[] CutFrom(int start)
    {
        var items = _stack[start..].ToArray();
        _stack.RemoveRange(start, items.Length);
        return items;
    }

    private object? Recall(long index) => _memo.TryGetValue(index, out var value) ? value : throw Broken("recalls a value that it never stored");

    private byte Byte() => stream.ReadByte() is >= 0 and var value ? (byte)value : throw Truncated();

    private byte[] Bytes(long count)
    {
        if (count > _end - stream.Position)
            throw Truncated();
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private string Text(long count) => Encoding.UTF8.GetString(Bytes(count));

    private string Line()
    {
        var line = new StringBuilder();
        while (Byte() is var next && next != '\n')
            line.Append(line.Length < 256 ? (char)next : throw Broken("names something longer than 256 characters"));
        return line.ToString();
    }

    private static object Long(byte[] bytes)
    {
        var value = new BigInteger(bytes);
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    private InvalidInputException Truncated() => Broken("ends too early");

    private InvalidInputException Broken(string what) => new($"{what}: it is truncated or damaged", path, "Fetch or export the file again.");

    private InvalidInputException Refused(string what) => new(what, path, "Save only the weights: torch.save(model.state_dict(), file).");
}
