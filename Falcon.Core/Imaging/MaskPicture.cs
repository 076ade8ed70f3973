namespace Falcon.Imaging;

/// <summary>The gray values of a mask's file, as everything reads them: of defects, and of what is looked at. Colours count as bright as their brightest part, so that red is no darker
/// than green; 16-bit numbers keep what is above 0; where the colours say nothing and alpha does, alpha is the mask.</summary>
internal sealed class MaskPicture
{
    private const int Half = 127, Noise = 8, FewColours = 3, FewestPixels = 4, Flat = 3, ColourDifference = 32, Apart = 16, PhotoColours = 256;

    private MaskPicture(RasterImage gray, bool isLossy, AlphaUse alpha, IReadOnlyList<int> colours)
    {
        (Gray, Alpha) = (gray, alpha);
        Levels = colours.Count > 0 ? colours : Plateaus(gray, isLossy);
        AutomaticLevel = (byte)(colours.Count == 0 && isLossy ? AmidNoise(gray, Levels) : AmidEdges(gray, Levels, isDrawn: colours.Count > 0));
    }

    /// <summary>The values, from 0 (normal) to 255, upright.</summary>
    public RasterImage Gray { get; }

    /// <summary>The value above which one means defect, where nobody has said otherwise: 0, that is everything which is not black. In a mask of black and white whose edges are smoothed or
    /// noisy, 127; where there are darker levels beside such edges or amid such noise, half of the darkest.</summary>
    public byte AutomaticLevel { get; }

    /// <summary>The values that areas have, black aside, in rising order: one of an ordinary mask.</summary>
    public IReadOnlyList<int> Levels { get; }

    /// <summary>What the file's alpha says.</summary>
    public AlphaUse Alpha { get; }

    private static int AmidEdges(RasterImage gray, IReadOnlyList<int> levels, bool isDrawn)
    {
        var dark = levels.Where(level => level <= Half).DefaultIfEmpty(-1).Min();
        return !gray.Pixels.AsSpan().ContainsAnyExceptInRange((byte)0, (byte)Half) ? 0 : dark < 0 ? Half : isDrawn ? 0 : dark / 2;
    }

    // Compression leaves noise around what is drawn, and of what is small nothing flat.
    private static int AmidNoise(RasterImage gray, IReadOnlyList<int> levels)
    {
        var darkest = levels.Count > 0 ? levels[0] : gray.Pixels.Max();
        return darkest <= Noise ? 0 : darkest > byte.MaxValue - Apart ? Half : darkest / 2;
    }

    /// <summary>Reads a mask.</summary>
    /// <exception cref="ImageFileException">The file is missing, damaged or of an unsupported kind.</exception>
    public static MaskPicture Read(string path)
    {
        var data = ImageFile.ReadBytes(path);
        var isLossy = data is [0xFF, 0xD8, ..] or [(byte)'R', (byte)'I', (byte)'F', (byte)'F', ..];
        if (IsPlain(data))
        {
            var colours = new ColourCount();
            var rgb = ImageFile.DecodeRgb(data, path);
            var gray = new RasterImage(rgb.Width, rgb.Height, 1);
            for (var i = 0; i < gray.Pixels.Length; i++)
            {
                var (r, g, b) = (rgb.Pixels[3 * i], rgb.Pixels[3 * i + 1], rgb.Pixels[3 * i + 2]);
                gray.Pixels[i] = Brightness(r, g, b);
                colours.Add(r, g, b, gray.Pixels[i]);
            }
            return new(gray, isLossy, AlphaUse.None, colours.Levels);
        }
        var (alpha, levels) = (AlphaUse.None, (IReadOnlyList<int>)[]);
        var made = ImageFile.ReadSamples(data, path, samples => Reduced(samples, out alpha, out levels));
        return new(made, isLossy, alpha, levels);
    }

    // JPEG, and PNG of 8 bits without alpha: nearly all masks.
    private static bool IsPlain(ReadOnlySpan<byte> data) => data switch
    {
        [0xFF, 0xD8, ..] => true,
        [0x89, (byte)'P', ..] when data.Length > 33 => data[24] <= 8 && data[25] is 0 or 2 or 3 && !HasTransparentColours(data),
        _ => false,
    };

    private static bool HasTransparentColours(ReadOnlySpan<byte> png)
    {
        try
        {
            return !PngChunks.Find(png, "tRNS"u8).IsEmpty;
        }
        catch (EndOfStreamException)
        {
            return false;
        }
    }

    private static RasterImage Reduced(ImageSamples samples, out AlphaUse use, out IReadOnlyList<int> levels)
    {
        var values = samples.Rgba;
        var (opaque, shift) = (samples.Bits == 16 ? ushort.MaxValue : byte.MaxValue, samples.Highest > byte.MaxValue ? 8 : 0);
        use = AlphaOf(samples, opaque);
        var gray = new RasterImage(samples.Width, samples.Height, 1);
        var colours = new ColourCount();
        for (int i = 0, at = 0; i < gray.Pixels.Length; i++, at += 4)
        {
            if (use == AlphaUse.IsMask)
            {
                gray.Pixels[i] = Byte(values[at + 3], samples.Bits == 16 ? 8 : 0);
                colours.Add(gray.Pixels[i], gray.Pixels[i], gray.Pixels[i], gray.Pixels[i]);
                continue;
            }
            if (use == AlphaUse.HidesParts && values[at + 3] == 0) continue;
            var (r, g, b) = (Byte(values[at], shift), Byte(values[at + 1], shift), Byte(values[at + 2], shift));
            gray.Pixels[i] = Brightness(r, g, b);
            colours.Add(r, g, b, gray.Pixels[i]);
        }
        levels = colours.Levels;
        return gray;
    }

    private static AlphaUse AlphaOf(ImageSamples samples, int opaque)
    {
        if (!samples.HasAlpha)
            return AlphaUse.None;
        var (isOpaque, isHidden) = (true, true);
        HashSet<(int, int, int)> visible = [];
        for (var at = 0; at < samples.Rgba.Length; at += 4)
        {
            var alpha = samples.Rgba[at + 3];
            isOpaque &= alpha == opaque;
            isHidden &= alpha == 0;
            if (alpha > 0 && visible.Count <= PhotoColours) visible.Add((samples.Rgba[at], samples.Rgba[at + 1], samples.Rgba[at + 2]));
        }
        // Drawn in one colour on nothing, or cut out of a photo.
        return isOpaque || isHidden ? AlphaUse.None : visible.Count == 1 || visible.Count > PhotoColours ? AlphaUse.IsMask : AlphaUse.HidesParts;
    }

    private static byte Byte(int value, int shift) => value == 0 ? (byte)0 : (byte)Math.Clamp(value >> shift, 1, 255);

    private static byte Brightness(byte r, byte g, byte b)
    {
        var highest = Math.Max(r, Math.Max(g, b));
        // As of a gray photo where it is nearly gray, as compression leaves it.
        return highest - Math.Min(r, Math.Min(g, b)) > ColourDifference ? highest : (byte)((r * 19595 + g * 38470 + b * 7471 + 0x8000) >> 16);
    }

    /// <summary>Values of areas: of 3 × 3 pixels at least, which the edges of other areas are not; of compressed masks 7 × 7, which the noise beside edges is not: a block of 8 × 8
    /// within one area is flat.</summary>
    private static List<int> Plateaus(RasterImage gray, bool isLossy)
    {
        var (pixels, width, height) = (gray.Pixels, gray.Width, gray.Height);
        var isThere = new bool[256];
        for (var y = 0; y < height; y++)
        {
            ReadOnlySpan<byte> above = pixels.AsSpan(Math.Max(0, y - 1) * width, width), row = pixels.AsSpan(y * width, width), below = pixels.AsSpan(Math.Min(height - 1, y + 1) * width, width);
            for (var x = 0; x < width; x++)
            {
                var value = row[x];
                if (value <= Noise) continue;
                var (left, right) = (Math.Max(0, x - 1), Math.Min(width - 1, x + 1));
                if (row[left] == value && row[right] == value && above[left] == value && above[x] == value && above[right] == value && below[left] == value && below[x] == value
                    && below[right] == value && (!isLossy || IsFlat(gray, x, y)))
                    isThere[value] = true;
            }
        }
        List<int> levels = [];
        // Those that hardly differ are one.
        for (var value = 0; value < isThere.Length; value++)
            if (isThere[value] && (levels.Count == 0 || value - levels[^1] >= Apart)) levels.Add(value);
        return levels;
    }

    private static bool IsFlat(RasterImage gray, int x, int y)
    {
        var (left, right, value) = (Math.Max(0, x - Flat), Math.Min(gray.Width - 1, x + Flat), gray.Pixels[y * gray.Width + x]);
        for (var row = Math.Max(0, y - Flat); row <= Math.Min(gray.Height - 1, y + Flat); row++)
            if (gray.Pixels.AsSpan(row * gray.Width + left, right - left + 1).ContainsAnyExcept(value))
                return false;
        return true;
    }

    /// <summary>The colours of a mask that has a few of them alone, as labels are drawn.</summary>
    private sealed class ColourCount
    {
        private readonly Dictionary<int, (int Level, int Pixels)> _counts = [];
        private bool _areMany;
        private int _last = -1, _run, _lastLevel;

        /// <summary>The brightness of each colour, black aside; none of a mask that has more colours than labels have.</summary>
        public IReadOnlyList<int> Levels
        {
            get
            {
                End();
                return _areMany || _counts.Values.Any(colour => colour.Pixels < FewestPixels) ? [] : [.. _counts.Values.Select(colour => colour.Level).Order()];
            }
        }

        public void Add(int r, int g, int b, int level)
        {
            var colour = r << 16 | g << 8 | b;
            if (colour != _last)
            {
                End();
                (_last, _lastLevel) = (colour, level);
            }
            _run++;
        }

        private void End()
        {
            if (_last > 0 && _run > 0 && !_areMany)
            {
                _counts[_last] = (_lastLevel, _counts.GetValueOrDefault(_last).Pixels + _run);
                _areMany = _counts.Count > FewColours;
            }
            _run = 0;
        }
    }
}

/// <summary>What the alpha of a mask's file says.</summary>
internal enum AlphaUse
{
    /// <summary>Nothing: the file is opaque.</summary>
    None,

    /// <summary>Transparent parts are normal.</summary>
    HidesParts,

    /// <summary>It is the mask itself.</summary>
    IsMask,
}
