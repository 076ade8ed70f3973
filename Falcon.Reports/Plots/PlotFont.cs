using System.Text;
using SkiaSharp;

namespace Falcon.Reports;

/// <summary>A font file.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Typeface">Its content.</param>
internal sealed record PlotFont(string Path, SKTypeface Typeface)
{
    /// <summary>Opens a file; null when it is no font that can be read, or a bold, slanted or condensed one.</summary>
    public static PlotFont? TryOpen(string path) =>
        SKTypeface.FromFile(path) is { FontWeight: (int)SKFontStyleWeight.Normal, FontWidth: (int)SKFontStyleWidth.Normal, FontSlant: SKFontStyleSlant.Upright } typeface
            ? new PlotFont(path, typeface)
            : null;

    /// <summary>The characters of a text that the font has no picture of, each once.</summary>
    public IReadOnlyList<Rune> Lacks(string text)
    {
        using var font = new SKFont(Typeface);
        return [.. text.EnumerateRunes().Where(rune => !Rune.IsWhiteSpace(rune) && font.GetGlyph(rune.Value) == 0).Distinct()];
    }
}
