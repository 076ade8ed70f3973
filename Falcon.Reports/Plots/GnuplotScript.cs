using System.Text;

namespace Falcon.Reports;

/// <summary>A chart as a gnuplot script that draws it as PDF (8.5 cm wide), SVG and PNG.</summary>
internal static class GnuplotScript
{
    private const double Width = 8.5;

    /// <summary>Writes the script.</summary>
    public static string Of(Chart chart, ChartData data)
    {
        var (name, height) = (chart.Name, PlotStyle.Number(chart.Height));
        var (svg, png) = ((int)(chart.Height * 560 / Width), (int)(chart.Height * 1340 / Width));
        var script = new StringBuilder();
        script.Append($"""
            # Draws {name}.pdf, {name}.svg and {name}.png from {name}.dat: gnuplot {name}.gp
            set encoding utf8
            set datafile columnheaders
            data = "{name}.dat"
            set tics nomirror out scale 0.6

            """);
        script.AppendJoin('\n', Settings(chart)).Append("\n");
        script.Append($$"""
            do for [format in "pdf svg png"] {
              if (format eq "pdf") { set terminal pdfcairo rounded noenhanced size 8.5cm,{{height}}cm font "sans,8"{{KeyFont(chart, 8)}} }
              if (format eq "svg") { set terminal svg rounded noenhanced size 560,{{svg}} dynamic font "sans,13" background "white"{{KeyFont(chart, 13)}} }
              if (format eq "png") { set terminal pngcairo rounded noenhanced size 1340,{{png}} font "sans,11" fontscale 2.4 linewidth 2.4 pointscale 2.2 background "white"{{KeyFont(chart, 11)}} }
              set output "{{name}}.".format
              plot \
                
            """);
        return script.AppendJoin(", \\\n    ", chart.Series.SelectMany((series, i) => Plots(series, data.Column(i)))).Append("\n}\nset output\n").ToString();
    }

    private static IEnumerable<string> Settings(Chart chart)
    {
        yield return (chart.X.IsHidden, chart.Y.IsHidden) switch
        {
            (true, true) => "unset border",
            (false, true) => "set border 1 linewidth 0.8",
            _ => "set border 3 linewidth 0.8",
        };
        if (chart.IsSquare)
            yield return "set size ratio 1";
        foreach (var setting in Axis('x', chart.X).Concat(Axis('y', chart.Y)))
            yield return setting;
        yield return chart.Titles.Count == 0
            ? "unset key"
            : $"set key outside above center horizontal maxcols {chart.KeyColumns} Left reverse samplen 2.5{(chart.KeyTitle.Length > 0 ? $" title {Quoted(chart.KeyTitle)}" : "")}";
        foreach (var texts in chart.Series.OfType<ChartSeries.Texts>())
        {
            for (var i = 0; i < texts.Points.Count; i++)
                yield return $"set label {Quoted(texts.Words[i])} at {PlotStyle.Number(texts.Points[i].X)},{PlotStyle.Number(texts.Points[i].Y)} {Side(texts.Side)} offset 0,0.55";
        }
    }

    private static IEnumerable<string> Axis(char name, ChartAxis axis)
    {
        yield return $"set {name}range [{PlotStyle.Number(axis.Low)}:{PlotStyle.Number(axis.High)}]";
        if (axis.IsHidden)
        {
            yield return $"unset {name}tics";
            yield break;
        }
        yield return $"set {name}label {Quoted(axis.Label)}";
        if (axis.IsLogarithmic)
            yield return $"set logscale {name} 10";
        if (axis.Names is { } names)
            yield return $"set {name}tics ({string.Join(", ", names.Select(n => $"{Quoted(n.Text)} {PlotStyle.Number(n.At)}"))})";
        else if (axis.Step is { } step)
            yield return $"set {name}tics {PlotStyle.Number(step)}";
    }

    private static IEnumerable<string> Plots(ChartSeries series, int column)
    {
        var colour = $"linecolor rgb \"#{PlotStyle.Colour(series.Style)}\"";
        var (source, dash) = ($"data using {column}:{column + 1}", PlotStyle.Dash(series.Style).Gnuplot);
        var (mark, title) = ($"pointtype {PlotStyle.Mark(series.Style).Gnuplot} pointsize 0.55", series.Title.Length == 0 ? "notitle" : $"title {Quoted(series.Title)}");
        switch (series)
        {
            case ChartSeries.Line line:
                var width = PlotStyle.Number((series.Style == PlotStyle.Guide ? 0.8 : 1.6) * line.Weight);
                yield return $"{source} with {(line.IsMarked ? "linespoints" : "lines")} linewidth {width} dashtype {dash} {colour}{(line.IsMarked ? $" {mark}" : "")} {title}";
                break;
            case ChartSeries.Area:
                yield return $"{source} with filledcurves closed fillstyle transparent solid 0.15 noborder {colour} {title}";
                break;
            case ChartSeries.Marks:
                yield return $"{source} with points {mark} {colour} {title}";
                break;
            case ChartSeries.ErrorBars bars:
                yield return $"data using {column}:{column + 1}:{column + 2} with {(bars.IsHorizontal ? "xerrorbars" : "yerrorbars")} pointtype 0 linewidth 0.9 {colour} notitle";
                break;
        }
    }

    private static string KeyFont(Chart chart, double size) =>
        chart.KeyScale < 1 ? $"; set key font \"sans,{PlotStyle.Number(Math.Round(size * chart.KeyScale, 1))}\"" : "";

    private static string Side(TextSide side) => side switch { TextSide.Left => "left", TextSide.Middle => "center", _ => "right" };

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";
}
