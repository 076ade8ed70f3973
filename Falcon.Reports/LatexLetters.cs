using System.Globalization;
using System.Text;
using SkiaSharp;

namespace Falcon.Reports;

/// <summary>Letters that pdfLaTeX's own fonts lack: Greek, Cyrillic, Chinese and whatever else a name has. They are drawn with fonts of this machine, each on a page of one PDF file,
/// and the document's preamble declares them, so that names compile as they are, wherever they stand.</summary>
internal sealed class LatexLetters
{
    private const string FileStem = "document-letters";
    private const float Em = 100, Above = 1.05f, Below = 0.35f;

    // Of the letters up to here the T1 fonts have all but these.
    private const int LastLatin = 0x17F;
    private static readonly int[] LackingLatin = [0x126, 0x127, 0x138, 0x13F, 0x140, 0x149, 0x166, 0x167, 0x17F];

    // Punctuation and signs that LaTeX brings: quotes, dashes, daggers, dots and the like.
    private static readonly int[] Brought =
        [0x200C, 0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E, 0x2020, 0x2021, 0x2022, 0x2026, 0x2030, 0x2039, 0x203A, 0x20AC, 0x2122];

    private readonly IReadOnlyList<(Rune Letter, PlotFont? Font)> _letters;

    private LatexLetters(IReadOnlyList<(Rune, PlotFont?)> letters) => _letters = letters;

    /// <summary>The name of the PDF file.</summary>
    public const string PdfFile = $"{FileStem}.pdf";

    /// <summary>Those of some texts, as they will stand in LaTeX.</summary>
    /// <param name="texts">LaTeX, or what will become it.</param>
    /// <param name="fonts">The fonts.</param>
    public static LatexLetters Of(IEnumerable<string> texts, PlotFonts fonts)
    {
        var letters = texts.SelectMany(text => text.EnumerateRunes()).Where(IsLacking).Distinct().Order().ToList();
        return new([.. letters.Select(letter => (letter, FontOf(letter, fonts)))]);
    }

    /// <summary>Whether there are any.</summary>
    public bool IsEmpty => _letters.Count == 0;

    /// <summary>What the preamble says of them.</summary>
    public string Preamble
    {
        get
        {
            if (IsEmpty)
                return "";
            var preamble = new StringBuilder("% Letters that the fonts of pdfLaTeX lack are pages of " + PdfFile + ", for other engines have them.\n");
            var height = (Above + Below).ToString(CultureInfo.InvariantCulture);
            var depth = Below.ToString(CultureInfo.InvariantCulture);
            preamble.Append("\\ifdefined\\DeclareUnicodeCharacter\n");
            preamble.Append($"\\newcommand{{\\drawnletter}}[1]{{\\raisebox{{-{depth}em}}[0pt][0pt]{{\\includegraphics[height={height}em,page=#1]{{{FileStem}}}}}}}\n");
            var page = 0;
            foreach (var (letter, font) in _letters)
                preamble.Append($"\\DeclareUnicodeCharacter{{{letter.Value:X4}}}{{{(font is null ? $"{{\\scriptsize[{letter.Value:X4}]}}" : Set(letter, ++page))}}}\n");
            return preamble.Append("\\fi\n").ToString();
        }
    }

    /// <summary>The PDF file; null where no letter is drawn.</summary>
    public byte[]? Pdf()
    {
        if (_letters.All(letter => letter.Font is null))
            return null;
        using var stream = new MemoryStream();
        using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Creator = "Falcon", RasterDpi = SKDocument.DefaultRasterDpi, EncodingQuality = 101 }))
        {
            foreach (var (letter, file) in _letters)
            {
                if (file is null)
                    continue;
                using var font = new SKFont(file.Typeface, Em) { Hinting = SKFontHinting.None, Subpixel = true };
                using var outline = font.GetTextPath(letter.ToString());
                var width = Math.Max(font.MeasureText(letter.ToString()), 1);
                // A mark has no width: it stands left of where it is set, over the letter before it.
                var isMark = IsMark(letter);
                var canvas = document.BeginPage(isMark ? Em : width, Em * (Above + Below));
                canvas.Translate(isMark ? Em : 0, Em * Above);
                using var paint = new SKPaint { Color = SKColors.Black, IsAntialias = true };
                canvas.DrawPath(outline, paint);
                document.EndPage();
            }
            document.Close();
        }
        return stream.ToArray();
    }

    /// <summary>What cannot be shown as it should be.</summary>
    public IEnumerable<Finding> Left
    {
        get
        {
            var missing = _letters.Where(letter => letter.Font is null).Select(letter => letter.Letter).ToList();
            if (missing.Count > 0)
                yield return new Finding(
                    $"no font has {string.Join(", ", missing.Select(letter => $"{letter} (U+{letter.Value:X4})"))}; their numbers stand there",
                    "document.tex", "Install a font that has it (Debian: for example fonts-noto-core or fonts-noto-cjk).");
            var joined = _letters.Select(letter => letter.Letter).Where(IsJoined).ToList();
            if (joined.Count > 0)
                yield return new Finding(
                    $"has letters that run from right to left or change beside one another ({string.Concat(joined.Take(6))}), and sets them one by one",
                    "document.tex", "Compile it with LuaLaTeX and a font for this script, or give the name in another one.");
        }
    }

    private static string Set(Rune letter, int page) => IsMark(letter) ? $"\\makebox[0pt][r]{{\\drawnletter{{{page}}}}}" : $"\\drawnletter{{{page}}}";

    private static bool IsLacking(Rune letter) =>
        !letter.IsAscii && (letter.Value > LastLatin ? !Brought.Contains(letter.Value) && !Rune.IsControl(letter) : LackingLatin.Contains(letter.Value));

    private static bool IsMark(Rune letter) => Rune.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;

    // Hebrew to N'Ko with their presentation forms; scripts of India, Tibet, Burma and Cambodia.
    private static bool IsJoined(Rune letter) => letter.Value is >= 0x590 and <= 0x8FF or >= 0x900 and <= 0xDFF or >= 0xF00 and <= 0x109F or >= 0x1780 and <= 0x17FF
        or >= 0xFB1D and <= 0xFDFF or >= 0xFE70 and <= 0xFEFF;

    private static PlotFont? FontOf(Rune letter, PlotFonts fonts)
    {
        if (fonts.Main is null)
            return null;
        var font = fonts.For(letter.ToString());
        return font.Lacks(letter.ToString()).Count == 0 ? font : null;
    }
}
