namespace Falcon.Reports;

/// <summary>A figure: what it shows, the sources for two programs that draw it, and their data. Equal figures have equal bytes.</summary>
/// <param name="Name">The name of its files, without extension.</param>
/// <param name="Caption">What it shows, in sentences.</param>
/// <param name="Script">The gnuplot script: draws from <c>NAME.dat</c> into <c>NAME.pdf</c>, <c>.svg</c> and <c>.png</c>.</param>
/// <param name="Data">The content of <c>NAME.dat</c>: a table with a heading.</param>
/// <param name="Pgf">The content of <c>NAME.tex</c>: a <c>tikzpicture</c> for LaTeX's pgfplots package that reads the same data; null when there is none.</param>
public sealed record Figure(string Name, string Caption, string Script, string Data, string? Pgf = null)
{
    internal static Figure Of(Chart chart)
    {
        var data = new ChartData(chart);
        return new Figure(chart.Name, chart.Caption, GnuplotScript.Of(chart, data), data.Text, PgfPicture.Of(chart, data));
    }
}
