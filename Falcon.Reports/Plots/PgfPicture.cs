using System.Text;

namespace Falcon.Reports;

/// <summary>A chart as a <c>tikzpicture</c> for LaTeX's pgfplots package, for papers that want their own fonts in figures.</summary>
internal static class PgfPicture
{
    private const int LongTitle = 22, WidestTitle = 50;

    /// <summary>Writes the picture.</summary>
    public static string Of(Chart chart, ChartData data)
    {
        var picture = new StringBuilder();
        picture.Append($"% Needs \\usepackage{{pgfplots}} and \\pgfplotsset{{compat=1.17}}; reads {chart.Name}.dat. In a figure: \\input{{{chart.Name}}}\n");
        foreach (var colour in chart.Series.Select(series => PlotStyle.Colour(series.Style)).Distinct())
            picture.Append($"\\definecolor{{falcon{colour}}}{{HTML}}{{{colour}}}%\n");
        picture.Append("\\begin{tikzpicture}\n  \\begin{axis}[\n    ").AppendJoin(",\n    ", Settings(chart)).Append("]\n");
        if (chart.KeyTitle.Length > 0 && chart.Explained.Any())
            picture.Append(Heading(chart));
        for (var i = 0; i < chart.Series.Count; i++)
            picture.Append(Plot(chart, chart.Series[i], data.Column(i) - 1));
        return picture.Append("  \\end{axis}\n\\end{tikzpicture}\n").ToString();
    }

    private static IEnumerable<string> Settings(Chart chart)
    {
        yield return $"width={PlotStyle.Number(ChartDrawing.Centimetres)}cm, "
            + (chart.IsSquare ? "axis equal image" : $"height={PlotStyle.Number(chart.PlotHeight)}cm")
            + (chart.X.IsHidden && chart.Y.IsHidden ? ", scale only axis" : "");
        yield return "axis lines*=left, tick align=outside, tick label style={font=\\footnotesize}, label style={font=\\footnotesize}";
        foreach (var setting in Axis('x', chart.X).Concat(Axis('y', chart.Y)))
            yield return setting;
        yield return $"legend style={{at={{(0.5,1.03)}}, anchor=south, legend columns={LegendColumns(chart)}, draw=none, fill=none, "
            + $"font={(LongestTitle(chart) > WidestTitle ? "\\tiny" : "\\scriptsize")}}}";
        yield return "legend cell align=left";
        yield return "unbounded coords=discard, clip=false";
    }

    // LaTeX measures its letters itself; the lengths of the titles have to do for a guess.
    private static int LongestTitle(Chart chart) => chart.Explained.Select(series => series.Title.Length).DefaultIfEmpty().Max();

    private static int LegendColumns(Chart chart) => LongestTitle(chart) > LongTitle ? 1 : 2;

    // A line of the legend without a sample, above all others.
    private static string Heading(Chart chart)
    {
        const string empty = "    \\addlegendimage{empty legend}\n";
        var rest = string.Concat(Enumerable.Repeat(empty + "    \\addlegendentry{}\n", LegendColumns(chart) - 1));
        return $"{empty}    \\addlegendentry{{{Latex.Escape(chart.KeyTitle)}}}\n{rest}";
    }

    private static IEnumerable<string> Axis(char name, ChartAxis axis)
    {
        yield return $"{name}min={PlotStyle.Number(axis.Low)}, {name}max={PlotStyle.Number(axis.High)}{(axis.IsLogarithmic ? $", {name}mode=log" : "")}";
        if (axis.IsHidden)
        {
            yield return $"{name}tick=\\empty, axis {name} line=none";
            yield break;
        }
        yield return $"{name}label={{{Latex.Escape(axis.Label)}}}";
        if (axis.Names is { } names)
        {
            yield return $"{name}tick={{{string.Join(",", names.Select(n => PlotStyle.Number(n.At)))}}}";
            yield return $"{name}ticklabels={{{string.Join(",", names.Select(n => $"{{{Lines(n.Text)}}}"))}}}";
            if (names.Any(n => n.Text.Contains('\n')))
                yield return $"{name}ticklabel style={{align={(name == 'y' ? "right" : "center")}}}";
        }
        else if (axis.IsLogarithmic)
        {
            // pgfplots itself would label powers of ten alone.
            var labelled = axis.Ticks.Where(tick => tick.Text.Length > 0).ToList();
            yield return $"{name}tick={{{string.Join(",", labelled.Select(tick => PlotStyle.Number(tick.At)))}}}";
            yield return $"{name}ticklabels={{{string.Join(",", labelled.Select(tick => $"{{{Lines(tick.Text)}}}"))}}}";
            yield return $"minor {name}tick={{{string.Join(",", axis.Ticks.Where(tick => tick.Text.Length == 0).Select(tick => PlotStyle.Number(tick.At)))}}}";
        }
        else
            yield return $"{name}tick distance={PlotStyle.Number(axis.Step)}";
    }

    private static string Plot(Chart chart, ChartSeries series, int column)
    {
        var colour = $"falcon{PlotStyle.Colour(series.Style)}";
        var mark = $"mark={PlotStyle.PgfMark(series.Style)}, mark size=1.4pt, mark options={{solid}}";
        var table = $"table[x index={column}, y index={column + 1}] {{{chart.Name}.dat}}";
        var forget = series.Title.Length == 0 ? ", forget plot" : "";
        var name = series.Title.Length == 0 ? "" : $"    \\addlegendentry{{{Latex.Escape(series.Title)}}}\n";
        var dash = PlotStyle.PgfDash(series.Style);
        return series switch
        {
            ChartSeries.Line line => $"    \\addplot[{colour}, {dash}, line width={PlotStyle.Number((series.Style.Colour == PlotStyle.Guide ? 0.4 : 0.8) * line.Weight)}pt, "
                + $"{(line.IsMarked ? mark : "mark=none")}{forget}] {table};\n{name}",
            ChartSeries.Area => $"    \\addplot[draw=none, fill={colour}, fill opacity=0.15{(series.Title.Length == 0 ? forget : ", area legend")}] {table};\n{name}",
            ChartSeries.Marks => $"    \\addplot[{colour}, only marks, {mark}{forget}] {table};\n{name}",
            ChartSeries.ErrorBars bars => $"    \\addplot[{colour}, draw=none, mark=none, forget plot, error bars/.cd, {Direction(bars)} dir=both, {Direction(bars)} explicit, error bar style={{draw={colour}}}]\n"
                + $"      table[x index={column}, y index={column + 1}, {Direction(bars)} error index={column + 2}] {{{chart.Name}.dat}};\n",
            ChartSeries.Texts texts => string.Concat(texts.Points.Zip(texts.Words, (point, word) =>
                $"    \\node[anchor={Anchor(texts.Side)}, align={Alignment(texts.Side)}, inner xsep=0pt, font=\\footnotesize] at (axis cs:{PlotStyle.Number(point.X)},{PlotStyle.Number(point.Y)}) {{{Lines(word)}}};\n")),
            _ => throw new NotSupportedException(series.ToString()),
        };
    }

    private static char Direction(ChartSeries.ErrorBars bars) => bars.IsHorizontal ? 'x' : 'y';

    private static string Lines(string text) => string.Join(@"\\", text.Split('\n').Select(Latex.Escape));

    private static string Alignment(TextSide side) => side switch { TextSide.Left => "left", TextSide.Middle => "center", _ => "right" };

    private static string Anchor(TextSide side) => side switch { TextSide.Left => "south west", TextSide.Middle => "south", _ => "south east" };
}
