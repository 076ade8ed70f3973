namespace Falcon.Imaging;

/// <summary>
/// How the first picture of a TIFF file is stored, checked before anything is decoded: that its strips are there, whole and no smaller than its size needs,
/// and that it is of a kind which the decoder gets right.
/// </summary>
internal sealed class TiffPicture
{
    private const int WholeNumbers = 1, FloatingPoint = 3, Separate = 2, Differences = 2;
    private const string StripsDoNotFit = "it is a TIFF file whose strips do not add up to its size";

    /// <exception cref="EndOfStreamException">The file ends before its pixels do.</exception>
    /// <exception cref="InvalidDataException">The file is damaged or of a kind that is not read; the message says which.</exception>
    public TiffPicture(ReadOnlySpan<byte> file)
    {
        var directory = new TiffDirectory(file);
        IsLittleEndian = directory.IsLittleEndian;
        var (width, height) = (directory.Value(TiffTag.Width, 0), directory.Value(TiffTag.Height, 0));
        if (width < 1 || height < 1 || width > ImageHeader.MaximumPixels / height)
            throw new InvalidDataException($"its header gives the impossible size {width}×{height}");
        (Width, Height) = ((int)width, (int)height);
        Samples = (int)directory.Value(TiffTag.SamplesPerPixel, 1);
        Bits = (int)directory.Value(TiffTag.BitsPerSample, 1);
        IsFloat = directory.Value(TiffTag.SampleFormat, WholeNumbers) == FloatingPoint;
        Colours = (TiffColours)directory.Value(TiffTag.Photometric, -1);
        Compression = (TiffCompression)directory.Value(TiffTag.Compression, (long)TiffCompression.None);
        FillOrder = (int)directory.Value(TiffTag.FillOrder, 1);
        FaxOptions = (int)directory.Value(TiffTag.FaxOptions, 0);
        HasDifferences = directory.Value(TiffTag.Predictor, 1) == Differences
            && Compression is TiffCompression.Lzw or TiffCompression.Deflate or TiffCompression.OldDeflate;
        IsPlanar = directory.Value(TiffTag.PlanarConfiguration, 1) == Separate && Samples > 1;
        ColourMap = directory.Values(TiffTag.ColourMap);
        CheckKind(directory);
        StripOffsets = directory.Values(TiffTag.StripOffsets);
        StripLengths = directory.Values(TiffTag.StripByteCounts);
        // A few writers leave the rows out although there are several strips; they are of one height then.
        var evenly = StripOffsets.Length > 0 ? (height + StripOffsets.Length - 1) / StripOffsets.Length : height;
        RowsPerStrip = (int)Math.Min(directory.Value(TiffTag.RowsPerStrip, evenly), height);
        CheckStrips(file.Length);
    }

    public bool IsLittleEndian { get; }

    /// <summary>Columns as stored.</summary>
    public int Width { get; }

    /// <summary>Rows as stored.</summary>
    public int Height { get; }

    /// <summary>Numbers of a pixel.</summary>
    public int Samples { get; }

    /// <summary>Bits of each number.</summary>
    public int Bits { get; }

    /// <summary>Whether the numbers are floating-point ones.</summary>
    public bool IsFloat { get; }

    /// <summary>What the numbers mean.</summary>
    public TiffColours Colours { get; }

    public TiffCompression Compression { get; }

    /// <summary>Whether the file holds bilevel pixels as fax machines send them.</summary>
    public bool IsFax => Compression is TiffCompression.FaxRuns or TiffCompression.FaxGroup3 or TiffCompression.FaxGroup4;

    /// <summary>2 when the first pixel of a byte is its lowest bit.</summary>
    public int FillOrder { get; }

    public int FaxOptions { get; }

    /// <summary>Whether each number is stored as its difference from the one to its left.</summary>
    public bool HasDifferences { get; }

    /// <summary>Whether each sample has strips of its own.</summary>
    public bool IsPlanar { get; }

    /// <summary>The colours of a palette: all reds, all greens, all blues, each of 16 bits.</summary>
    public long[] ColourMap { get; }

    public int RowsPerStrip { get; }

    public long[] StripOffsets { get; }

    public long[] StripLengths { get; }

    private void CheckKind(TiffDirectory directory)
    {
        if (directory.Values(TiffTag.TileOffsets).Length > 0) throw new InvalidDataException("it is a TIFF file of tiles, not of strips");
        if (!Enum.IsDefined(Compression)) throw new InvalidDataException($"it is a TIFF file with the unsupported compression {(int)Compression}");
        var isKnown = Colours switch
        {
            TiffColours.WhiteIsZero or TiffColours.BlackIsZero => Samples == 1 && (Bits, IsFloat) is (1 or 2 or 4 or 8 or 16, false) or (32, true),
            TiffColours.Rgb => Samples is 3 or 4 && Bits is 8 or 16 && !IsFloat,
            TiffColours.Palette => Samples == 1 && Bits is 1 or 2 or 4 or 8 && !IsFloat && ColourMap.Length == 3 << Bits,
            TiffColours.Cmyk => Samples == 4 && Bits is 8 or 16 && !IsFloat,
            _ => false,
        };
        var areAlike = directory.Values(TiffTag.BitsPerSample).All(bits => bits == Bits)
            && directory.Values(TiffTag.SampleFormat).All(format => format == (IsFloat ? FloatingPoint : WholeNumbers));
        if (!isKnown || !areAlike)
            throw new InvalidDataException($"it is a TIFF file of an unsupported kind ({Samples} × {Bits} bits, photometric interpretation {(int)Colours})");
        if (IsFax && (Bits, Samples) != (1, 1)) throw new InvalidDataException("it is a fax in TIFF with more than one bit for each pixel");
        if (FillOrder != 1 && !IsFax) throw new InvalidDataException("it is a TIFF file whose bits are stored in the reverse order");
        if (directory.Value(TiffTag.Predictor, 1) > Differences || (HasDifferences && (IsPlanar || IsFloat || Bits < 8)))
            throw new InvalidDataException("it is a TIFF file with an unsupported predictor");
    }

    private void CheckStrips(int fileLength)
    {
        if (RowsPerStrip < 1) throw new InvalidDataException(StripsDoNotFit);
        var inPlane = (Height + RowsPerStrip - 1) / RowsPerStrip;
        var (planes, samples) = IsPlanar ? (Samples, 1) : (1, Samples);
        if (StripOffsets.Length != inPlane * planes || StripLengths.Length != StripOffsets.Length) throw new InvalidDataException(StripsDoNotFit);
        var rowBytes = ((long)Width * samples * Bits + 7) / 8;
        for (var i = 0; i < StripOffsets.Length; i++)
        {
            if (StripOffsets[i] < 0 || StripLengths[i] > fileLength || StripOffsets[i] > fileLength - StripLengths[i]) throw new EndOfStreamException();
            var rows = i % inPlane == inPlane - 1 ? Height - (inPlane - 1) * RowsPerStrip : RowsPerStrip;
            if (StripLengths[i] < 1 || StripLengths[i] * LargestExpansion < rows * rowBytes) throw new InvalidDataException(StripsDoNotFit);
        }
    }

    // How many bytes of pixels a stored byte can stand for at most.
    private long LargestExpansion => Compression switch
    {
        TiffCompression.None => 1,
        TiffCompression.PackBits => 64,
        TiffCompression.Deflate or TiffCompression.OldDeflate => 1040,
        TiffCompression.Lzw => 4096,
        _ => ImageFile.MaximumPixelsPerByte,
    };
}

/// <summary>What the samples of a TIFF picture mean (its photometric interpretation, TIFF 6.0).</summary>
internal enum TiffColours
{
    WhiteIsZero = 0,
    BlackIsZero = 1,
    Rgb = 2,
    Palette = 3,
    Cmyk = 5,
}

/// <summary>How the pixels of a TIFF file may be compressed. JPEG is not among them: ImageSharp's pixels differ from those of a JPEG file.</summary>
internal enum TiffCompression
{
    None = 1,
    FaxRuns = 2,
    FaxGroup3 = 3,
    FaxGroup4 = 4,
    Lzw = 5,
    Deflate = 8,
    PackBits = 32773,
    OldDeflate = 32946,
}
