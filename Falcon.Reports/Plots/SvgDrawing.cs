using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using SkiaSharp;

namespace Falcon.Reports;

/// <summary>A drawing as SVG that looks the same wherever it is shown: letters are outlines, not references to a font, and several may stand in one page.</summary>
internal static partial class SvgDrawing
{
    private const int ShownWidth = 560;
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    /// <summary>Writes the file.</summary>
    /// <param name="drawing">The drawing.</param>
    /// <param name="name">What the identifiers inside begin with.</param>
    /// <param name="caption">What it shows, for those who cannot see it.</param>
    public static byte[] Of(ChartDrawing drawing, string name, string caption)
    {
        using var drawn = new MemoryStream();
        using (var canvas = SKSvgCanvas.Create(new SKRect(0, 0, ChartDrawing.Width, drawing.Height), drawn))
        {
            canvas.Clear(SKColors.White);
            drawing.Draw(canvas);
        }
        var root = XDocument.Parse(Encoding.UTF8.GetString(drawn.ToArray()), LoadOptions.PreserveWhitespace).Root!;
        root.ReplaceAttributes(
            new XAttribute("width", ShownWidth),
            new XAttribute("height", Math.Round(ShownWidth * drawing.Height / ChartDrawing.Width)),
            new XAttribute("viewBox", string.Create(CultureInfo.InvariantCulture, $"0 0 {ChartDrawing.Width:F2} {drawing.Height:F0}")),
            new XAttribute("role", "img"),
            new XAttribute("aria-label", string.Concat(caption.EnumerateRunes().Where(rune => !Rune.IsControl(rune)))));
        Rename(root, name);
        foreach (var text in root.Descendants(Svg + "text").ToList())
            text.ReplaceWith(Outline(text, drawing.Typefaces));
        foreach (var path in root.Descendants().Attributes("d"))
            path.Value = Decimals().Replace(path.Value, number => Math.Round(double.Parse(number.ValueSpan, CultureInfo.InvariantCulture), 2).ToString("0.##", CultureInfo.InvariantCulture));
        foreach (var space in root.DescendantNodes().OfType<XText>().ToList())
            space.Remove();
        return Written(root);
    }

    // Skia numbers identifiers on from drawing to drawing.
    private static void Rename(XElement root, string name)
    {
        var identifiers = root.Descendants().Attributes("id").Select((id, i) => (id.Value, New: $"{name}-{i + 1}")).ToDictionary(pair => $"url(#{pair.Value})", pair => $"url(#{pair.New})");
        foreach (var reference in root.Descendants().Attributes().Where(attribute => identifiers.ContainsKey(attribute.Value)))
            reference.Value = identifiers[reference.Value];
        foreach (var id in root.Descendants().Attributes("id"))
            id.Value = identifiers[$"url(#{id.Value})"][5..^1];
    }

    // Skia writes a text with the place of every letter, from which its outline follows.
    private static XElement Outline(XElement text, IEnumerable<SKTypeface> typefaces)
    {
        var letters = text.Value.Trim();
        var families = ((string)text.Attribute("font-family")!).Split(", ");
        var typeface = typefaces.Where(typeface => families.Contains(typeface.FamilyName)).MaxBy(typeface => typeface.GetGlyphs(letters).Count(glyph => glyph != 0))!;
        var (xs, ys) = (Numbers(text, "x"), Numbers(text, "y"));
        using var font = new SKFont(typeface, (float)text.Attribute("font-size")!) { Subpixel = true, Hinting = SKFontHinting.None };
        using var outline = new SKPathBuilder();
        foreach (var (glyph, i) in font.GetGlyphs(letters).Select((glyph, i) => (glyph, i)))
        {
            using var letter = font.GetGlyphPath(glyph);
            if (letter is not null)
                outline.AddPath(letter, xs[i], ys[Math.Min(i, ys.Count - 1)]);
        }
        using var path = outline.Detach();
        return new XElement(Svg + "path", new XAttribute("aria-label", letters), text.Attribute("fill"), text.Attribute("transform"), new XAttribute("d", path.ToSvgPathData()));
    }

    private static List<float> Numbers(XElement text, string name) =>
        [.. ((string)text.Attribute(name)!).Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(number => float.Parse(number, CultureInfo.InvariantCulture))];

    private static byte[] Written(XElement root)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(false), Indent = true, IndentChars = "", NewLineChars = "\n" }))
            root.Save(writer);
        return stream.ToArray();
    }

    [GeneratedRegex(@"-?\d+\.\d{3,}(e-?\d+)?|-?\d+(\.\d+)?e-?\d+")]
    private static partial Regex Decimals();
}
