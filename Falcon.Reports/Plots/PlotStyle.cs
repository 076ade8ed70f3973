using System.Globalization;
using ScottPlot;
using SkiaSharp;

namespace Falcon.Reports;

/// <summary>What all figures share: colours, dashes and marks that differ from one another in any of the three, so that gray print tells them apart too.</summary>
public static class PlotStyle
{
    /// <summary>A thin dotted gray line, for what only guides the eye.</summary>
    public const int Guide = -1;

    /// <summary>A plain black line, for what belongs to no method.</summary>
    public const int Ink = -2;

    /// <summary>Drawings are laid out in pixels as a browser has them, 96 an inch.</summary>
    internal const float PixelsPerPoint = 96f / 72;

    /// <summary>How opaque areas are.</summary>
    internal const double AreaOpacity = 0.15;

    private const float LineWidth = 0.9f * PixelsPerPoint, MarkSize = 3.6f * PixelsPerPoint;

    // Okabe and Ito's colours (2008), safe for impaired colour vision, without the yellow that white paper swallows.
    private static readonly string[] Colours = ["0072B2", "D55E00", "009E73", "CC79A7", "000000", "E69F00", "56B4E9"];

    // Lengths of strokes and gaps in points; none is a plain line.
    private static readonly float[][] Dashes = [[], [7, 2], [1.5f, 1.5f], [7, 2, 1.5f, 2], [4, 1.5f, 1.5f, 1.5f, 1.5f, 1.5f]];

    private static readonly (MarkerShape Shape, bool IsOpen, string Pgf)[] Marks =
    [
        (MarkerShape.FilledCircle, false, "*"), (MarkerShape.FilledSquare, false, "square*"),
        (MarkerShape.FilledTriangleUp, false, "triangle*"), (MarkerShape.FilledDiamond, false, "diamond*"),
        (MarkerShape.FilledCircle, true, "o"), (MarkerShape.FilledSquare, true, "square"),
        (MarkerShape.FilledTriangleUp, true, "triangle"), (MarkerShape.FilledDiamond, true, "diamond"),
    ];

    /// <summary>How many colours there are.</summary>
    internal static int ColourCount => Colours.Length;

    /// <summary>The colour of a style, as <c>RRGGBB</c>.</summary>
    internal static string Colour(SeriesStyle style) => style.Colour switch { Guide => "808080", Ink => "000000", var colour => Colours[colour % Colours.Length] };

    /// <summary>The dashes of a style for pgfplots; with the colours they repeat only after 35.</summary>
    internal static string PgfDash(SeriesStyle style) => Dash(style) is { Length: > 0 } dash
        ? "dash pattern=" + string.Join(' ', dash.Select((length, i) => $"{(i % 2 == 0 ? "on" : "off")} {Number(length)}pt"))
        : "solid";

    /// <summary>The mark of a style for pgfplots; with the colours they repeat only after 56.</summary>
    internal static string PgfMark(SeriesStyle style) => Marks[Math.Max(0, style.Mark) % Marks.Length].Pgf;

    /// <summary>The line of a style.</summary>
    /// <param name="style">The style.</param>
    /// <param name="weight">How wide the line is, in units of the usual width.</param>
    internal static LineStyle Line(SeriesStyle style, double weight) => new()
    {
        Color = Color.FromHex(Colour(style)),
        Width = (float)weight * (style.Colour == Guide ? LineWidth / 2 : LineWidth),
        Pattern = Dash(style) is { Length: > 0 } dash ? new LinePattern([.. dash.Select(length => length * PixelsPerPoint)], 0, "") : LinePattern.Solid,
        StrokeJoin = SKStrokeJoin.Miter,
        StrokeMiter = 2,
        StrokeCap = style.Colour >= 0 && Dash(style).Length == 0 ? SKStrokeCap.Round : SKStrokeCap.Butt,
    };

    /// <summary>The mark of a style.</summary>
    internal static MarkerStyle Mark(SeriesStyle style)
    {
        var (shape, isOpen, _) = Marks[Math.Max(0, style.Mark) % Marks.Length];
        var colour = Color.FromHex(Colour(style));
        return new MarkerStyle(shape, shape is MarkerShape.FilledCircle or MarkerShape.FilledSquare ? 0.88f * MarkSize : 1.15f * MarkSize)
        {
            FillColor = isOpen ? Colors.White : colour,
            OutlineColor = colour,
            OutlineWidth = LineWidth * 0.8f,
        };
    }

    /// <summary>The colour of an area.</summary>
    internal static Color Area(SeriesStyle style) => Color.FromHex(Colour(style)).WithAlpha(AreaOpacity);

    /// <summary>A number for a data file or a script.</summary>
    internal static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static float[] Dash(SeriesStyle style) => style.Dash switch { Guide => [1, 2], Ink => [], var dash => Dashes[dash % Dashes.Length] };
}
