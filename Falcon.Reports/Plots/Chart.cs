namespace Falcon.Reports;

/// <summary>What a figure shows, before any program draws it: <see cref="Figure.Of"/> writes it for gnuplot and for PGFPlots, from one table of data.</summary>
/// <param name="Name">The name of its files, without extension.</param>
/// <param name="Caption">What it shows, in sentences.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">What is drawn, the first at the back.</param>
internal sealed record Chart(string Name, string Caption, ChartAxis X, ChartAxis Y, IReadOnlyList<ChartSeries> Series)
{
    private const double LineHeight = 0.42;
    private const int LongTitle = 22;
    private const double WidestTitle = 50;

    /// <summary>Height of the figure below its legend, in centimetres; the width is 8.5 cm, one column of a paper.</summary>
    public double PlotHeight { get; init; } = 5.6;

    /// <summary>Height of the whole figure in centimetres: the legend stands above the plot, where it covers nothing.</summary>
    public double Height => Math.Round(PlotHeight + LineHeight * KeyScale * ((Titles.Count + KeyColumns - 1) / KeyColumns + (KeyTitle.Length > 0 ? 1 : 0)), 2);

    /// <summary>Whether both axes have one length per unit.</summary>
    public bool IsSquare { get; init; }

    /// <summary>What stands above the legend; empty for nothing.</summary>
    public string KeyTitle { get; init; } = "";

    /// <summary>How many titles stand side by side in the legend.</summary>
    public int KeyColumns => Titles.Exists(title => title.Length > LongTitle) ? 1 : 2;

    /// <summary>How large letters of the legend are beside others, at most 1: its longest title fits the width.</summary>
    public double KeyScale => Math.Min(1, WidestTitle / Titles.Select(title => title.Length).DefaultIfEmpty().Max());

    /// <summary>What the legend explains.</summary>
    public List<string> Titles => [.. Series.Select(series => series.Title).Where(title => title.Length > 0)];
}
