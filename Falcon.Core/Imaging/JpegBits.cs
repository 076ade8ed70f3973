using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>The bits of compressed pixels of a JPEG file up to the next marker. Behind them come zeros.</summary>
/// <param name="file">The file.</param>
/// <param name="at">Where the bits start.</param>
internal ref struct JpegBits(ReadOnlySpan<byte> file, int at)
{
    private readonly ReadOnlySpan<byte> _file = file;
    private ulong _buffer;
    private int _count, _behind;

    /// <summary>Where the bytes are that come next; in the end the next marker, or the end of the file.</summary>
    public int Place { get; private set; } = at;

    /// <summary>Whether more bits were read than there are.</summary>
    public readonly bool Overran => _behind > _count;

    /// <summary>The next 16 bits.</summary>
    public int Peek16()
    {
        if (_count < 32) Fill();
        return (int)(_buffer >> 48);
    }

    /// <summary>Passes over at most 16 bits that were looked at, and at most 16 behind them.</summary>
    public void Skip(int bits)
    {
        _buffer <<= bits;
        _count -= bits;
    }

    /// <summary>The next bits, at most 16 of them.</summary>
    public int Take(int bits)
    {
        var value = Peek16() >> (16 - bits);
        Skip(bits);
        return value;
    }

    /// <summary>Goes to the next marker: how many whole bytes were not read, and whether they are all alike, as those are that fill a file up.</summary>
    public (int Bytes, bool AreAlike) Leave()
    {
        var (bytes, alike, first) = (0, true, -1);
        for (var rest = _count - _behind; rest >= 8; rest -= 8, bytes++)
            See((int)(_buffer << (_count % 8 + 8 * bytes) >> 56));
        for (; Place < _file.Length; Place++, bytes++)
        {
            if (_file[Place] == 0xFF && Place + 1 < _file.Length && _file[Place + 1] is not (0 or 0xFF)) break;
            See(_file[Place]);
            if (_file[Place] == 0xFF && Place + 1 < _file.Length && _file[Place + 1] == 0) Place++;
        }
        return (bytes, alike);

        void See(int value)
        {
            if (first < 0) first = value;
            alike &= value == first;
        }
    }

    private void Fill()
    {
        // Four bytes at once, as long as none of them is 0xFF: a marker, or stuffed.
        if (Place + 4 <= _file.Length && BinaryPrimitives.ReadUInt32BigEndian(_file[Place..]) is var word && ((~word - 0x01010101u) & word & 0x80808080u) == 0)
        {
            _buffer |= (ulong)word << (32 - _count);
            _count += 32;
            Place += 4;
            return;
        }
        for (; _count <= 48; _count += 8)
        {
            ulong value = 0;
            if (Place < _file.Length && _file[Place] != 0xFF)
            {
                value = _file[Place++];
            }
            else if (Place + 1 < _file.Length && _file[Place + 1] == 0)
            {
                value = 0xFF;
                Place += 2;
            }
            else
            {
                _behind += 8;
            }
            _buffer |= value << (56 - _count);
        }
    }
}
