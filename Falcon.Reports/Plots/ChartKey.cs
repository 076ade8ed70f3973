using ScottPlot;
using ScottPlot.Panels;
using SkiaSharp;

namespace Falcon.Reports;

/// <summary>The legend above a chart, where it covers nothing: in as many columns as fit; long titles are set smaller, and very long ones broken into
/// lines.</summary>
internal sealed class ChartKey : PanelBase
{
    private const float LineSample = 28, MarkSample = 8, Gap = 5, Between = 12, Below = 8, Smallest = 0.8f, LineHeight = 1.3f;

    private readonly ChartFonts _fonts;
    private readonly float _sample, _size, _full;
    private readonly string _heading;
    private readonly List<(ChartSeries Series, IReadOnlyList<string> Lines)> _entries;
    private readonly int _columns;
    private readonly List<float> _widths;

    /// <summary>Lays the legend out.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="fonts">Its fonts.</param>
    /// <param name="width">How wide it may be, in pixels.</param>
    /// <param name="size">The size of letters, if there is room.</param>
    public ChartKey(Chart chart, ChartFonts fonts, float width, float size)
    {
        Edge = Edge.Top;
        (_fonts, _size, _full, _heading) = (fonts, size, size, chart.KeyTitle);
        var explained = chart.Explained.ToList();
        _sample = explained.TrueForAll(series => series is ChartSeries.Marks) ? MarkSample : LineSample;
        _entries = [.. explained.Select(series => (series, TextLines.Of(series.Title, _ => true)))];
        _columns = Enumerable.Range(1, Math.Clamp(explained.Count, 1, 4)).Reverse()
            .Select(columns => (explained.Count + Rows(columns) - 1) / Math.Max(1, Rows(columns)))
            .FirstOrDefault(columns => columns > 0 && Total(Widths(columns)) <= width, 1);
        if (Total(Widths(1)) > width)
        {
            var room = width - _sample - Gap;
            _size *= Math.Max(Smallest, room / Widths(1)[0] * 0.999f);
            _entries = [.. explained.Select(series => (series, TextLines.Of(series.Title, line => Length(line, series.Title) <= room)))];
        }
        _widths = Widths(_columns);
        Height = _entries.Count == 0 ? 0 : Below + (_heading.Length > 0 ? LineHeight * _full : 0) + Enumerable.Range(0, Rows(_columns)).Sum(RowHeight);
    }

    /// <summary>The height that it needs, in pixels.</summary>
    public float Height { get; }

    public override float Measure(Paint paint) => Height;

    public override void Render(RenderPack pack, float size, float offset)
    {
        if (_entries.Count == 0)
            return;
        var top = pack.DataRect.Top - Height;
        var middle = pack.FigureRect.HorizontalCenter;
        if (_heading.Length > 0)
        {
            Write(pack, _heading, _heading, _full, new Pixel(middle, top + LineHeight * _full / 2), Alignment.MiddleCenter);
            top += LineHeight * _full;
        }
        var left = middle - Total(_widths) / 2;
        for (var row = 0; row < Rows(_columns); row++)
        {
            for (var column = 0; column < _columns && row * _columns + column < _entries.Count; column++)
            {
                var (series, lines) = _entries[row * _columns + column];
                var x = left + column * (_sample + Gap + Between) + _widths.Take(column).Sum();
                Show(pack, series, x, top + LineHeight * _size / 2);
                for (var line = 0; line < lines.Count; line++)
                    Write(pack, lines[line], series.Title, _size, new Pixel(x + _sample + Gap, top + (line + 0.5f) * LineHeight * _size), Alignment.MiddleLeft);
            }
            top += RowHeight(row);
        }
    }

    private void Show(RenderPack pack, ChartSeries series, float x, float y)
    {
        if (series is ChartSeries.Area)
            Drawing.FillRectangle(pack.Canvas, new PixelRect(x, x + _sample, y + 4, y - 4), pack.Paint, new FillStyle(PlotStyle.Area(series.Style)));
        if (series is ChartSeries.Line line)
            Drawing.DrawLine(pack.Canvas, pack.Paint, new Pixel(x, y), new Pixel(x + _sample, y), PlotStyle.Line(line.Style, line.Weight));
        if (series is ChartSeries.Marks or ChartSeries.Line { IsMarked: true })
            PlotStyle.Mark(series.Style).Render(pack, new Pixel(x + _sample / 2, y));
    }

    private void Write(RenderPack pack, string text, string whole, float size, Pixel place, Alignment alignment)
    {
        var (shown, typeface) = _fonts.Of(text, whole);
        var style = new LabelStyle { Text = shown, Font = typeface, FontSize = size, Alignment = alignment };
        style.OffsetY = ChartFonts.Centring(style);
        style.Render(pack.Canvas, place, pack.Paint);
    }

    private int Rows(int columns) => (_entries.Count + columns - 1) / columns;

    private float RowHeight(int row) => LineHeight * _size * _entries.Skip(row * _columns).Take(_columns).Max(entry => entry.Lines.Count);

    // The width of the texts of each column.
    private List<float> Widths(int columns) =>
    [
        .. Enumerable.Range(0, columns).Select(column => _entries
            .Where((_, i) => i % columns == column)
            .SelectMany(entry => entry.Lines.Select(line => Length(line, entry.Series.Title)))
            .DefaultIfEmpty()
            .Max()),
    ];

    private float Total(IReadOnlyList<float> widths) => widths.Sum() + widths.Count * (_sample + Gap) + (widths.Count - 1) * Between;

    private float Length(string line, string whole)
    {
        var (shown, typeface) = _fonts.Of(line, whole);
        using var font = new SKFont(typeface, _size) { Subpixel = true, Hinting = SKFontHinting.None };
        return font.MeasureText(shown);
    }
}
