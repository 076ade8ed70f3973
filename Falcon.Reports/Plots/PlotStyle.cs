using System.Globalization;

namespace Falcon.Reports;

/// <summary>What all figures share: colours, dashes and marks that differ from one another in any of the three, so that gray print tells them apart too.</summary>
internal static class PlotStyle
{
    // Okabe and Ito's colours (2008), safe for impaired colour vision, without the yellow that white paper swallows.
    private static readonly string[] Colours = ["0072B2", "D55E00", "009E73", "CC79A7", "000000", "E69F00", "56B4E9"];

    // gnuplot's line ends are round and reach half a width into each gap.
    private static readonly (string Gnuplot, string Pgf)[] Dashes =
    [
        ("solid", "solid"), ("(14,8)", "dash pattern=on 7pt off 2pt"), ("(2,7)", "dash pattern=on 1.5pt off 1.5pt"),
        ("(14,8,2,8)", "dash pattern=on 7pt off 2pt on 1.5pt off 2pt"), ("(8,7,2,7,2,7)", "dash pattern=on 4pt off 1.5pt on 1.5pt off 1.5pt on 1.5pt off 1.5pt"),
    ];

    private static readonly (int Gnuplot, string Pgf)[] Marks =
        [(7, "*"), (5, "square*"), (9, "triangle*"), (13, "diamond*"), (6, "o"), (4, "square"), (8, "triangle"), (12, "diamond")];

    /// <summary>A thin dotted gray line, for what only guides the eye.</summary>
    public const int Guide = -1;

    /// <summary>A plain black line, for what belongs to no method.</summary>
    public const int Ink = -2;

    /// <summary>The colour of a style, as <c>RRGGBB</c>.</summary>
    public static string Colour(int style) => style switch { Guide => "808080", Ink => "000000", _ => Colours[style % Colours.Length] };

    /// <summary>The dashes of a style; with the colours they repeat only after 35.</summary>
    public static (string Gnuplot, string Pgf) Dash(int style) => style switch
    {
        Guide => ("(1,8)", "dash pattern=on 1pt off 2pt"),
        Ink => Dashes[0],
        _ => Dashes[style % Dashes.Length],
    };

    /// <summary>The mark of a style; with the colours they repeat only after 56.</summary>
    public static (int Gnuplot, string Pgf) Mark(int style) => Marks[Math.Max(0, style) % Marks.Length];

    /// <summary>A number for a data file or a script.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
