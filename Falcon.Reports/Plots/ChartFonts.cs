using System.Text;
using ScottPlot;
using SkiaSharp;

namespace Falcon.Reports;

/// <summary>The typefaces of one chart, cut down to the characters that it shows, so that a PDF which embeds them stays small.</summary>
internal sealed class ChartFonts : IDisposable
{
    private readonly Dictionary<string, (SKTypeface Typeface, HashSet<Rune> Lacks)> _of = [];

    /// <summary>Chooses the typefaces.</summary>
    /// <param name="fonts">What there is to choose from.</param>
    /// <param name="texts">All texts of the chart.</param>
    /// <exception cref="InvalidInputException">There is no font.</exception>
    public ChartFonts(PlotFonts fonts, IEnumerable<string> texts)
    {
        foreach (var same in texts.Distinct().GroupBy(fonts.For))
        {
            var characters = string.Concat(same);
            var typeface = FontSubset.Of(same.Key.Typeface, characters + "? ");
            foreach (var text in same)
                _of.Add(text, (typeface, [.. same.Key.Lacks(text)]));
        }
    }

    /// <summary>The typefaces in use.</summary>
    public IEnumerable<SKTypeface> Typefaces => _of.Values.Select(font => font.Typeface).Distinct();

    /// <summary>The characters that are shown as question marks, because no font has them.</summary>
    public IReadOnlyList<Rune> Missing => [.. _of.Values.SelectMany(font => font.Lacks).Distinct().Order()];

    /// <summary>A text as it can be shown, and the typeface for it.</summary>
    /// <param name="text">One of the texts, or a part of one.</param>
    /// <param name="whole">The text that it is part of; null for itself.</param>
    public (string Text, SKTypeface Typeface) Of(string text, string? whole = null)
    {
        var (typeface, lacks) = _of[whole ?? text];
        return (string.Concat(text.EnumerateRunes().Select(rune => lacks.Contains(rune) ? "?" : rune.ToString())), typeface);
    }

    /// <summary>How far below its place ScottPlot has to draw a text so that the middle of its capitals and digits is there.</summary>
    public static float Centring(LabelStyle style)
    {
        using var font = new SKFont(style.Font, style.FontSize);
        return (font.Metrics.CapHeight - font.Spacing) / 2 + font.Metrics.Bottom;
    }

    /// <summary>How far above its place ScottPlot draws the line that letters of a text stand on, if the text's lower end is there.</summary>
    public static float Raised(LabelStyle style)
    {
        using var font = new SKFont(style.Font, style.FontSize);
        return font.Metrics.Bottom;
    }

    public void Dispose()
    {
        foreach (var typeface in Typefaces.ToList())
            typeface.Dispose();
    }
}
