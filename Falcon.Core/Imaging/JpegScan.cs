using System.Buffers.Binary;

namespace Falcon.Imaging;

/// <summary>
/// Follows the compressed pixels of JPEG files from block to block without making pixels of them. Where they are damaged, libjpeg paints gray and only warns: a file
/// whose end was never written, or holds something else, would pass for a photo. Arithmetic coding is not followed.
/// Of a progressive file every pass must be there, down to the last digit of each coefficient, and end where its bits do. What cannot be told are the digits that a later pass adds to
/// coefficients: they stand there without a code, as many as there are coefficients, and zeros, too, are digits; a photo saved a second time may have nothing else. They change a block by at most a step
/// of its quantiser.
/// </summary>
internal sealed class JpegScan
{
    /// <summary>What is said of pixels that are not what was written.</summary>
    public const string Damaged = "its compressed pixels are damaged: a part of the photo would be gray or wrong";

    private const int StartOfImage = 0xD8, EndOfImage = 0xD9, StartOfScan = 0xDA, HuffmanTables = 0xC4, RestartInterval = 0xDD, FirstRestart = 0xD0;

    // Some writers fill the pixels up to a round length.
    private const int MostFilling = 16;

    private readonly JpegCode?[] _dcCodes = new JpegCode?[4], _acCodes = new JpegCode?[4];
    private readonly List<Component> _components = [];
    private bool _isProgressive, _isOther;
    private int _width, _height, _interval, _run;

    /// <summary>Follows a file to its end.</summary>
    /// <param name="file">A whole file, whose header has been read.</param>
    /// <returns>Whether it could be followed: by Huffman codes that it brings.</returns>
    /// <exception cref="EndOfStreamException">The file ends before its end marker.</exception>
    /// <exception cref="InvalidDataException">Pixels are missing or damaged.</exception>
    public static bool Check(ReadOnlySpan<byte> file)
    {
        var scan = new JpegScan();
        for (var at = 2; ;)
        {
            // Between segments there may be anything, of which decoders make nothing.
            while (at < file.Length && (file[at] != 0xFF || (at + 1 < file.Length && file[at + 1] is 0xFF or 0))) at++;
            if (at + 2 > file.Length) throw new EndOfStreamException();
            int marker = file[at + 1];
            at += 2;
            if (marker == EndOfImage) break;
            if (marker is 0x01 or (>= FirstRestart and <= StartOfImage)) continue;
            if (at + 2 > file.Length) throw new EndOfStreamException();
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2) throw new InvalidDataException("it is a JPEG file with a damaged header");
            if (at + length > file.Length) throw new EndOfStreamException();
            var segment = file.Slice(at + 2, length - 2);
            at += length;
            if (marker is > 0xC2 and <= 0xCF and not (HuffmanTables or 0xC8 or 0xCC)) scan._isOther = true;
            if (marker == StartOfScan && file[at..].LastIndexOf([(byte)0xFF, (byte)EndOfImage]) < 0) throw new EndOfStreamException();
            // Frames of films leave out the codes that all of them share.
            if (marker == StartOfScan && (scan._isOther || scan._dcCodes.All(code => code is null))) return false;
            if (marker is >= 0xC0 and <= 0xC2) scan.ReadFrame(segment, marker == 0xC2);
            else if (marker == HuffmanTables) scan.ReadCodes(segment);
            else if (marker == RestartInterval && segment.Length >= 2) scan._interval = BinaryPrimitives.ReadUInt16BigEndian(segment);
            else if (marker == StartOfScan) at = scan.Follow(segment, file, at);
        }
        if (scan._components.Count == 0 || scan._components.Any(component => component.IsIncomplete))
            throw new InvalidDataException("a part of its compressed pixels is missing");
        return true;
    }

    private static InvalidDataException Damage() => new(Damaged);

    private void ReadFrame(ReadOnlySpan<byte> segment, bool isProgressive)
    {
        if (segment.Length < 6 || segment[5] == 0 || segment.Length < 6 + 3 * segment[5] || _components.Count > 0) throw new InvalidDataException("it is a JPEG file with a damaged header");
        (_height, _width, _isProgressive) = (BinaryPrimitives.ReadUInt16BigEndian(segment[1..]), BinaryPrimitives.ReadUInt16BigEndian(segment[3..]), isProgressive);
        if (segment[0] != 8) throw new InvalidDataException($"it is a JPEG file of {segment[0]} bits, which is not read");
        for (var i = 0; i < segment[5]; i++)
            _components.Add(new(segment[6 + 3 * i], segment[7 + 3 * i] >> 4, segment[7 + 3 * i] & 15));
        if (_components.Any(component => component.Across is < 1 or > 4 || component.Down is < 1 or > 4)) throw new InvalidDataException("it is a JPEG file with a damaged header");
        var (across, down) = (_components.Max(component => component.Across), _components.Max(component => component.Down));
        (Columns, Rows) = (Quotient(_width, 8 * across), Quotient(_height, 8 * down));
        foreach (var component in _components)
        {
            component.Columns = Quotient(Quotient(_width * component.Across, across), 8);
            component.Rows = Quotient(Quotient(_height * component.Down, down), 8);
            component.Stride = Columns * component.Across;
            component.NonZero = isProgressive ? new ulong[component.Stride * Rows * component.Down] : [];
        }
    }

    private int Columns { get; set; }

    private int Rows { get; set; }

    private static int Quotient(int dividend, int divisor) => (dividend + divisor - 1) / divisor;

    private void ReadCodes(ReadOnlySpan<byte> segment)
    {
        while (segment.Length >= 17)
        {
            var number = 0;
            foreach (var count in segment[1..17]) number += count;
            if (number > 256 || segment.Length < 17 + number || (segment[0] & 15) > 3) throw new InvalidDataException("it is a JPEG file with a damaged header");
            (segment[0] < 16 ? _dcCodes : _acCodes)[segment[0] & 15] = new(segment[1..17], segment.Slice(17, number));
            segment = segment[(17 + number)..];
        }
    }

    /// <summary>Follows the pixels of one scan; returns the place of the next marker.</summary>
    private int Follow(ReadOnlySpan<byte> segment, ReadOnlySpan<byte> file, int at)
    {
        if (segment.Length < 1 || segment.Length < 4 + 2 * segment[0] || _components.Count == 0) throw new InvalidDataException("it is a JPEG file with a damaged header");
        List<Component> components = [];
        for (var i = 0; i < segment[0]; i++)
        {
            var (id, codes) = (segment[1 + 2 * i], segment[2 + 2 * i]);
            var component = _components.Find(component => component.Id == id) ?? throw new InvalidDataException("it is a JPEG file with a damaged header");
            (component.Dc, component.Ac) = (_dcCodes[codes >> 4 & 3], _acCodes[codes & 3]);
            components.Add(component);
        }
        var (first, last, approximation) = (segment[1 + 2 * segment[0]], segment[2 + 2 * segment[0]], segment[3 + 2 * segment[0]]);
        if (!_isProgressive) (first, last, approximation) = (0, 63, 0);
        if (last > 63 || first > last || (_isProgressive && first > 0 && components.Count > 1)) throw new InvalidDataException("it is a JPEG file with a damaged header");
        if (components.Any(component => (first == 0 && component.Dc is null && approximation >> 4 == 0) || (last > 0 && component.Ac is null)))
            throw new InvalidDataException("it is a JPEG file without its codes");
        foreach (var component in components)
            component.Remaining.AsSpan(first, last - first + 1).Fill((byte)(approximation & 15));
        var part = new Part(first, last, approximation >> 4, approximation & 15);
        var bits = new JpegBits(file, at);
        var alone = components.Count == 1;
        var (columns, rows) = alone ? (components[0].Columns, components[0].Rows) : (Columns, Rows);
        long units = (long)columns * rows;
        _run = 0;
        for (long unit = 0; unit < units; unit++)
        {
            if (_interval > 0 && unit > 0 && unit % _interval == 0) at = Restart(ref bits, file, (int)(unit / _interval - 1) % 8);
            var (column, row) = ((int)(unit % columns), (int)(unit / columns));
            foreach (var component in components)
            {
                var (across, down) = alone ? (1, 1) : (component.Across, component.Down);
                for (var y = 0; y < down; y++)
                    for (var x = 0; x < across; x++)
                        Block(ref bits, component, part, (row * down + y) * component.Stride + column * across + x);
            }
            if (bits.Overran) throw Damage();
        }
        CheckRest(ref bits);
        return bits.Place;
    }

    private int Restart(ref JpegBits bits, ReadOnlySpan<byte> file, int number)
    {
        CheckRest(ref bits);
        var at = bits.Place;
        if (at + 2 > file.Length || file[at + 1] != FirstRestart + number) throw Damage();
        bits = new(file, at + 2);
        _run = 0;
        return at + 2;
    }

    private void CheckRest(ref JpegBits bits)
    {
        if (bits.Overran) throw Damage();
        var (rest, areAlike) = bits.Leave();
        if (_run > 0 || rest > (areAlike ? MostFilling : 0)) throw Damage();
    }

    private void Block(ref JpegBits bits, Component component, Part part, int place)
    {
        if (!_isProgressive)
        {
            Value(ref bits, component.Dc!);
            var codes = component.Ac!;
            for (var k = 1; k < 64;)
            {
                var symbol = codes.Read(ref bits);
                bits.Skip(symbol & 15);
                if ((symbol & 15) != 0) k += (symbol >> 4) + 1;
                else if (symbol == 0xF0) k += 16;
                else break;
                if (k > 64) throw Damage();
            }
        }
        else if (part.First == 0)
        {
            if (part.Before == 0) Value(ref bits, component.Dc!);
            else bits.Take(1);
        }
        else if (part.Before == 0)
        {
            FirstCoefficients(ref bits, component.Ac!, part, ref component.NonZero[place]);
        }
        else
        {
            MoreDigits(ref bits, component.Ac!, part, ref component.NonZero[place]);
        }
    }

    private static void Value(ref JpegBits bits, JpegCode codes)
    {
        var size = codes.Read(ref bits);
        if (size > 16) throw Damage();
        bits.Skip(size);
    }

    // T.81, G.1.2.2.
    private void FirstCoefficients(ref JpegBits bits, JpegCode codes, Part part, ref ulong nonZero)
    {
        if (_run > 0)
        {
            _run--;
            return;
        }
        for (var k = part.First; k <= part.Last; k++)
        {
            var symbol = codes.Read(ref bits);
            var (zeros, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && zeros < 15)
            {
                _run = (1 << zeros) - 1 + (zeros > 0 ? bits.Take(zeros) : 0);
                return;
            }
            k += zeros;
            if (k > part.Last) throw Damage();
            if (size == 0) continue;
            bits.Skip(size);
            nonZero |= 1UL << k;
        }
    }

    // T.81, G.1.2.3: coefficients that are there already get a further bit each, in between come new ones.
    private void MoreDigits(ref JpegBits bits, JpegCode codes, Part part, ref ulong nonZero)
    {
        var k = part.First;
        for (; _run == 0 && k <= part.Last; k++)
        {
            var symbol = codes.Read(ref bits);
            var (zeros, size) = (symbol >> 4, symbol & 15);
            if (size == 0 && zeros < 15)
            {
                _run = (1 << zeros) + (zeros > 0 ? bits.Take(zeros) : 0);
                break;
            }
            if (size > 1) throw Damage();
            if (size == 1) bits.Take(1);
            for (; k <= part.Last; k++)
            {
                if ((nonZero >> k & 1) != 0) bits.Take(1);
                else if (zeros-- == 0) break;
            }
            if (size == 0) continue;
            if (k > part.Last) throw Damage();
            nonZero |= 1UL << k;
        }
        if (_run == 0) return;
        for (; k <= part.Last; k++)
            if ((nonZero >> k & 1) != 0) bits.Take(1);
        _run--;
    }

    /// <summary>What a scan holds of each block: coefficients, and which of their binary digits, counted from the lowest.</summary>
    private readonly record struct Part(int First, int Last, int Before, int Digit);

    private sealed class Component(int id, int across, int down)
    {
        private const byte Nothing = 255;

        public int Id => id;

        /// <summary>Blocks side by side in a unit.</summary>
        public int Across => across;

        /// <summary>Blocks below each other in a unit.</summary>
        public int Down => down;

        public int Columns { get; set; }

        public int Rows { get; set; }

        public int Stride { get; set; }

        public JpegCode? Dc { get; set; }

        public JpegCode? Ac { get; set; }

        /// <summary>A bit for each coefficient of a block.</summary>
        public ulong[] NonZero { get; set; } = [];

        /// <summary>Digits of each coefficient that no scan has held so far.</summary>
        public byte[] Remaining { get; } = [.. Enumerable.Repeat(Nothing, 64)];

        // Coefficients that no scan has at all are zero; digits that are missing were meant to come.
        public bool IsIncomplete => Remaining[0] == Nothing || Remaining.Any(digits => digits is > 0 and < Nothing);
    }
}
