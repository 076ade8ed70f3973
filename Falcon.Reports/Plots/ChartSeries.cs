namespace Falcon.Reports;

/// <summary>Something drawn on a chart.</summary>
/// <param name="Title">Its name in the legend; empty for none.</param>
/// <param name="Style">Which colour, dashes and mark it has: a number from 0 stands for all three.</param>
/// <param name="Points">Where it is.</param>
public abstract record ChartSeries(string Title, SeriesStyle Style, IReadOnlyList<(double X, double Y)> Points)
{
    /// <summary>A line through the points.</summary>
    public sealed record Line(string Title, SeriesStyle Style, IReadOnlyList<(double X, double Y)> Points) : ChartSeries(Title, Style, Points)
    {
        /// <summary>How wide the line is, in units of the usual width.</summary>
        public double Weight { get; init; } = 1;

        /// <summary>Whether the points themselves are marked.</summary>
        public bool IsMarked { get; init; }
    }

    /// <summary>A lightly filled area inside the points.</summary>
    public sealed record Area(string Title, SeriesStyle Style, IReadOnlyList<(double X, double Y)> Points) : ChartSeries(Title, Style, Points);

    /// <summary>A mark at each point.</summary>
    public sealed record Marks(string Title, SeriesStyle Style, IReadOnlyList<(double X, double Y)> Points) : ChartSeries(Title, Style, Points);

    /// <summary>A bar about each point.</summary>
    /// <param name="Style">See <see cref="ChartSeries"/>.</param>
    /// <param name="Points">The middles.</param>
    /// <param name="Reach">How far each bar goes to either side.</param>
    /// <param name="IsHorizontal">Whether it goes left and right, not down and up.</param>
    public sealed record ErrorBars(SeriesStyle Style, IReadOnlyList<(double X, double Y)> Points, IReadOnlyList<double> Reach, bool IsHorizontal = false)
        : ChartSeries("", Style, Points);

    /// <summary>A text at each point.</summary>
    /// <param name="Points">Where.</param>
    /// <param name="Words">What, one for each point.</param>
    /// <param name="Side">Which side of the text the point is at.</param>
    public sealed record Texts(IReadOnlyList<(double X, double Y)> Points, IReadOnlyList<string> Words, TextSide Side) : ChartSeries("", 0, Points);
}
