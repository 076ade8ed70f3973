using System.Globalization;
using System.Text;

namespace Falcon.Reports;

/// <summary>What all figures share: sizes and fonts for one column of a paper, and line styles that differ in colour and in dashes.</summary>
internal static class PlotStyle
{
    // Okabe and Ito's colours (2008), safe for impaired colour vision, without the yellow that white paper swallows.
    private static readonly string[] Colours = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000", "#E69F00", "#56B4E9"];

    private static readonly string[] Dashes = ["solid", "(14,4)", "(3,3)", "(14,4,3,4)", "(8,3,3,3,3,3)"];

    /// <summary>The colour of a line, as <c>#RRGGBB</c>.</summary>
    public static string Colour(int line) => Colours[line % Colours.Length];

    /// <summary>The dash type of a line; with the colours it repeats only after 35 lines.</summary>
    public static string Dash(int line) => Dashes[line % Dashes.Length];

    /// <summary>A script that draws the same commands as PDF (8.5 cm wide), SVG and PNG.</summary>
    /// <param name="name">The name of the figure's files.</param>
    /// <param name="settings">Axes, ranges and labels.</param>
    /// <param name="plot">The arguments of the plot command, one line each; data come from the string <c>data</c>.</param>
    public static string Script(string name, IEnumerable<string> settings, IReadOnlyList<string> plot)
    {
        var script = new StringBuilder();
        script.Append($"""
            # Draws {name}.pdf, {name}.svg and {name}.png from {name}.dat: gnuplot {name}.gp
            set encoding utf8
            data = "{name}.dat"
            set border 3 linewidth 0.8
            set tics nomirror out scale 0.6
            set key noenhanced samplen 2.5 spacing 1.15

            """);
        script.AppendJoin('\n', settings).Append("""

            do for [format in "pdf svg png"] {
              if (format eq "pdf") { set terminal pdfcairo size 8.5cm,7.6cm font "sans,8" }
              if (format eq "svg") { set terminal svg size 560,500 dynamic font "sans,13" background "white" }
              if (format eq "png") { set terminal pngcairo size 1340,1200 font "sans,11" fontscale 2.4 linewidth 2.4 background "white" }

            """);
        script.Append($"  set output \"{name}.\".format\n  plot \\\n    ").AppendJoin(", \\\n    ", plot).Append("\n}\nset output\n");
        return script.ToString();
    }

    /// <summary>A text as a gnuplot string.</summary>
    public static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    /// <summary>A number for a data file.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
