namespace Falcon.Imaging;

/// <summary>How the samples of a stored row make up its pixels. PNG, BMP and TIFF differ in this only in details.</summary>
internal sealed class SampleLayout
{
    private enum Meaning
    {
        Index,
        Rgb,
        Bgr,
        Cmyk,
    }

    private readonly Meaning _meaning;
    private readonly int _bits, _samples, _highByte;
    private readonly byte[] _palette;

    private SampleLayout(Meaning meaning, int bits, int samples, bool littleEndian, byte[] palette)
    {
        (_meaning, _bits, _samples, _palette) = (meaning, bits, samples, palette);
        _highByte = bits == 16 && littleEndian ? 1 : 0;
    }

    /// <summary>The first of <paramref name="samples"/> samples of 1, 2, 4, 8 or 16 bits is a gray value; the others are ignored.</summary>
    public static SampleLayout Gray(int bits, int samples = 1, bool littleEndian = false, bool whiteIsZero = false)
    {
        var levels = 1 << Math.Min(bits, 8);
        var palette = new byte[256 * 3];
        for (var i = 0; i < levels; i++) palette.AsSpan(3 * i, 3).Fill((byte)(255 / (levels - 1) * (whiteIsZero ? levels - 1 - i : i)));
        return new SampleLayout(Meaning.Index, bits, samples, littleEndian, palette);
    }

    /// <summary>Each sample of 1, 2, 4 or 8 bits is an index into <paramref name="palette"/> (RGB triples); indices behind its end are black.</summary>
    public static SampleLayout Indexed(int bits, ReadOnlySpan<byte> palette)
    {
        var table = new byte[256 * 3];
        palette[..Math.Min(palette.Length, table.Length)].CopyTo(table);
        return new SampleLayout(Meaning.Index, bits, 1, false, table);
    }

    /// <summary>The first three of <paramref name="samples"/> samples of 8 or 16 bits are red, green and blue; the others are ignored.</summary>
    public static SampleLayout Rgb(int bits, int samples, bool littleEndian = false) => new(Meaning.Rgb, bits, samples, littleEndian, []);

    /// <summary>The first three of <paramref name="samples"/> bytes are blue, green and red; the others are ignored.</summary>
    public static SampleLayout Bgr(int samples) => new(Meaning.Bgr, 8, samples, false, []);

    /// <summary>The first four samples of 8 or 16 bits are cyan, magenta, yellow and black, 0 being no ink.</summary>
    public static SampleLayout Cmyk(int bits, int samples, bool littleEndian) => new(Meaning.Cmyk, bits, samples, littleEndian, []);

    public int BitsPerPixel => _bits * _samples;

    /// <summary>The bytes of a row of <paramref name="width"/> pixels.</summary>
    public long RowBytes(long width) => (width * BitsPerPixel + 7) / 8;

    /// <summary>Undoes TIFF's horizontal prediction in place: every sample of 8 or 16 bits was stored as its difference from the pixel before.</summary>
    /// <exception cref="InvalidDataException">The samples are smaller.</exception>
    public void UndoHorizontalPrediction(Span<byte> row)
    {
        if (_bits < 8) throw new InvalidDataException($"it is a TIFF file of an unsupported kind (prediction of {_bits}-bit samples)");
        var step = BitsPerPixel / 8;
        if (_bits == 8)
        {
            for (var i = step; i < row.Length; i++) row[i] += row[i - step];
            return;
        }
        var (high, low) = (_highByte, 1 - _highByte);
        for (var i = step; i < row.Length; i += 2)
        {
            var sum = row[i + low] + row[i - step + low];
            row[i + high] += (byte)(row[i - step + high] + (sum >> 8));
            row[i + low] = (byte)sum;
        }
    }

    /// <summary>Converts one row; of 16-bit samples the high byte is kept.</summary>
    public void ToRgb(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        var step = BitsPerPixel / 8;
        if (_bits < 8)
            UnpackIndices(row, rgb);
        else if (_meaning == Meaning.Rgb && step == 3)
            row[..rgb.Length].CopyTo(rgb);
        else
        {
            for (int x = 0, s = _highByte; x < rgb.Length; x += 3, s += step) ConvertPixel(row[s..], rgb.Slice(x, 3));
        }
    }

    private void ConvertPixel(ReadOnlySpan<byte> pixel, Span<byte> rgb)
    {
        var next = _bits / 8;
        switch (_meaning)
        {
            case Meaning.Index:
                _palette.AsSpan(3 * pixel[0], 3).CopyTo(rgb);
                break;
            case Meaning.Rgb:
                (rgb[0], rgb[1], rgb[2]) = (pixel[0], pixel[next], pixel[2 * next]);
                break;
            case Meaning.Bgr:
                (rgb[0], rgb[1], rgb[2]) = (pixel[2], pixel[1], pixel[0]);
                break;
            case Meaning.Cmyk:
                var white = 255 - pixel[3 * next];
                for (var c = 0; c < 3; c++) rgb[c] = (byte)Math.Max(0, white - Share(pixel[c * next], white));
                break;
        }
    }

    private void UnpackIndices(ReadOnlySpan<byte> row, Span<byte> rgb)
    {
        var mask = (1 << _bits) - 1;
        for (int x = 0, bit = 0; x < rgb.Length; x += 3, bit += _bits)
        {
            var index = row[bit >> 3] >> (8 - _bits - (bit & 7)) & mask;
            _palette.AsSpan(3 * index, 3).CopyTo(rgb[x..]);
        }
    }

    // a · b / 255, rounded, as Pillow computes it.
    private static int Share(int a, int b)
    {
        var product = a * b + 128;
        return ((product >> 8) + product) >> 8;
    }
}
