namespace Falcon.Reports;

/// <summary>What a figure shows, before any program draws it: <see cref="ChartDrawing"/> draws it, <see cref="PgfPicture"/> writes it for LaTeX.</summary>
/// <param name="Name">The name of its files, without extension.</param>
/// <param name="Caption">What it shows, in sentences.</param>
/// <param name="X">The horizontal axis.</param>
/// <param name="Y">The vertical axis.</param>
/// <param name="Series">What is drawn, the first at the back.</param>
public sealed record Chart(string Name, string Caption, ChartAxis X, ChartAxis Y, IReadOnlyList<ChartSeries> Series)
{
    /// <summary>Height of the figure below its legend, in centimetres, unless it is square; the width is 8.5 cm, one column of a paper.</summary>
    public double PlotHeight { get; init; } = 5.6;

    /// <summary>Whether both axes have one length per unit.</summary>
    public bool IsSquare { get; init; }

    /// <summary>What stands above the legend; empty for nothing.</summary>
    public string KeyTitle { get; init; } = "";

    /// <summary>What the legend explains.</summary>
    public IEnumerable<ChartSeries> Explained => Series.Where(series => series.Title.Length > 0);

    /// <summary>Everything that is written on it; the labels of an axis' ticks are one text.</summary>
    public IReadOnlyList<string> Texts =>
    [
        X.Label, X.TickText, Y.Label, Y.TickText, KeyTitle, .. Explained.Select(series => series.Title), .. Series.OfType<ChartSeries.Texts>().SelectMany(texts => texts.Words),
    ];
}
