namespace Falcon.Imaging;

/// <summary>A Huffman code of a JPEG file (ITU-T T.81, annex C).</summary>
internal sealed class JpegCode
{
    private const int FastBits = 9, LongestCode = 16;

    private readonly ushort[] _fast = new ushort[1 << FastBits];
    private readonly int[] _limits = new int[LongestCode + 1], _offsets = new int[LongestCode + 1];
    private readonly byte[] _values;

    /// <param name="counts">How many codes there are of each length from 1 to 16.</param>
    /// <param name="values">What the codes mean, in their order.</param>
    /// <exception cref="InvalidDataException">There are more codes than their lengths allow.</exception>
    public JpegCode(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> values)
    {
        _values = values.ToArray();
        var (code, index) = (0, 0);
        for (var length = 1; length <= LongestCode; length++)
        {
            _offsets[length] = index - code;
            for (var i = 0; i < counts[length - 1]; i++, code++, index++)
            {
                if (code >= 1 << length) throw new InvalidDataException("it is a JPEG file with a damaged header");
                if (length <= FastBits)
                    _fast.AsSpan(code << (FastBits - length), 1 << (FastBits - length)).Fill((ushort)(length << 8 | _values[index]));
            }
            _limits[length] = code << (LongestCode - length);
            code <<= 1;
        }
    }

    /// <summary>The next symbol.</summary>
    /// <exception cref="InvalidDataException">The bits are no code.</exception>
    public int Read(ref JpegBits bits)
    {
        var next = bits.Peek16();
        int entry = _fast[next >> (LongestCode - FastBits)];
        if (entry != 0)
        {
            bits.Skip(entry >> 8);
            return entry & 0xFF;
        }
        for (var length = FastBits + 1; length <= LongestCode; length++)
        {
            if (next >= _limits[length]) continue;
            bits.Skip(length);
            return _values[(next >> (LongestCode - length)) + _offsets[length]];
        }
        throw new InvalidDataException(JpegScan.Damaged);
    }
}
