using System.Text;
using ScottPlot;
using ScottPlot.AxisPanels;
using ScottPlot.LayoutEngines;
using ScottPlot.Rendering.RenderActions;
using ScottPlot.TickGenerators;
using SkiaSharp;

namespace Falcon.Reports;

/// <summary>A chart as ScottPlot draws it, laid out in pixels of 1/96 inch, so that every format shows the same picture.</summary>
internal sealed class ChartDrawing : IDisposable
{
    /// <summary>Width of a figure, one column of a paper, in centimetres.</summary>
    public const double Centimetres = 8.5;

    private const float PixelsPerCentimetre = 96 / 2.54f, Margin = 4, FontSize = 8 * PlotStyle.PixelsPerPoint, FrameWidth = 0.4f * PlotStyle.PixelsPerPoint;

    private readonly Chart _chart;
    private readonly ChartFonts _fonts;
    private readonly Plot _plot = new();

    /// <summary>Lays a chart out.</summary>
    /// <exception cref="InvalidInputException">There is no font.</exception>
    public ChartDrawing(Chart chart, PlotFonts fonts)
    {
        _chart = chart;
        _fonts = new ChartFonts(fonts, chart.Texts);
        foreach (var series in chart.Series)
            Add(series);
        _plot.HideGrid();
        _plot.FigureBackground.Color = _plot.DataBackground.Color = Colors.Transparent;
        _plot.RenderManager.ClearCanvasBeforeEachRender = false;
        _plot.Axes.SetLimits(Place(chart.X, chart.X.Low), Place(chart.X, chart.X.High), Place(chart.Y, chart.Y.Low), Place(chart.Y, chart.Y.High));
        Show(_plot.Axes.Bottom, chart.X);
        Show(_plot.Axes.Left, chart.Y);
        _plot.Axes.Top.IsVisible = _plot.Axes.Right.IsVisible = false;
        var key = new ChartKey(chart, _fonts, Width - 2 * Margin, FontSize);
        _plot.Axes.AddPanel(key);
        Height = LayOut(key);
        var actions = _plot.RenderManager.RenderActions;
        actions[actions.FindIndex(action => action is RenderPlottables)] = new RenderBeyondFrame(Margin);
        // ScottPlot draws again when axes have moved since the last drawing; from here on they stay.
        using var nowhere = new SKNoDrawCanvas((int)Width, (int)Height);
        Draw(nowhere);
    }

    /// <summary>Width in pixels.</summary>
    public static float Width => (float)Centimetres * PixelsPerCentimetre;

    /// <summary>Height in pixels.</summary>
    public float Height { get; }

    /// <summary>The typefaces in use.</summary>
    public IEnumerable<SKTypeface> Typefaces => _fonts.Typefaces;

    /// <summary>The characters that no font has.</summary>
    public IReadOnlyList<Rune> Missing => _fonts.Missing;

    /// <summary>Draws it from the origin to width and height.</summary>
    public void Draw(SKCanvas canvas) => _plot.Render(canvas, new PixelRect(0, Width, Height, 0));

    public void Dispose()
    {
        _plot.Dispose();
        _fonts.Dispose();
    }

    private void Add(ChartSeries series)
    {
        Coordinates[] points = [.. series.Points.Select(point => new Coordinates(Place(_chart.X, point.X), Place(_chart.Y, point.Y)))];
        switch (series)
        {
            case ChartSeries.Line line:
                var scatter = _plot.Add.Scatter(points);
                scatter.LineStyle = PlotStyle.Line(line.Style, line.Weight);
                scatter.MarkerStyle = line.IsMarked ? PlotStyle.Mark(line.Style) : MarkerStyle.None;
                break;
            case ChartSeries.Area:
                var area = _plot.Add.Polygon(points);
                area.FillColor = PlotStyle.Area(series.Style);
                area.LineWidth = 0;
                break;
            case ChartSeries.Marks:
                _plot.Add.Markers(points).MarkerStyle = PlotStyle.Mark(series.Style);
                break;
            case ChartSeries.ErrorBars bars:
                var (below, above) = (Ends(bars, -1), Ends(bars, 1));
                var reaches = new ScottPlot.Plottables.ErrorBar(
                    [.. points.Select(point => point.X)],
                    [.. points.Select(point => point.Y)],
                    bars.IsHorizontal ? above : null,
                    bars.IsHorizontal ? below : null,
                    bars.IsHorizontal ? null : above,
                    bars.IsHorizontal ? null : below)
                {
                    LineStyle = new LineStyle(0.55f * PlotStyle.PixelsPerPoint, Color.FromHex(PlotStyle.Colour(bars.Style))),
                    CapSize = 2.4f,
                };
                _plot.Add.Plottable(reaches);
                break;
            case ChartSeries.Texts texts:
                foreach (var (point, word) in points.Zip(texts.Words))
                {
                    var text = _plot.Add.Text("", point);
                    Write(text.LabelStyle, word);
                    text.LabelStyle.Alignment = texts.Side switch { TextSide.Left => Alignment.LowerLeft, TextSide.Middle => Alignment.LowerCenter, _ => Alignment.LowerRight };
                    text.OffsetY = ChartFonts.Raised(text.LabelStyle) - Margin;
                }
                break;
        }
    }

    // How far bars go to one side, in the lengths of their axis.
    private double[] Ends(ChartSeries.ErrorBars bars, int side)
    {
        var axis = bars.IsHorizontal ? _chart.X : _chart.Y;
        return [.. bars.Points.Select(point => bars.IsHorizontal ? point.X : point.Y).Zip(bars.Reach, (middle, reach) => side * (Place(axis, middle + side * reach) - Place(axis, middle)))];
    }

    private void Show(IAxis panel, ChartAxis axis)
    {
        panel.IsVisible = !axis.IsHidden;
        Write(panel.Label, axis.Label);
        Write(panel.TickLabelStyle, axis.TickText);
        panel.TickLabelStyle.OffsetY = panel.Edge == Edge.Left ? ChartFonts.Centring(panel.TickLabelStyle) : Margin / 4;
        var shown = (AxisBase)panel;
        shown.TickGenerator = new NumericManual([.. axis.Ticks.Select(tick => new Tick(Place(axis, tick.At), _fonts.Of(tick.Text, axis.TickText).Text, tick.Text.Length > 0))]);
        shown.FrameLineStyle.Width = FrameWidth;
        shown.FrameLineStyle.AntiAlias = true;
        shown.MajorTickStyle = new TickMarkStyle { Length = 3, Width = FrameWidth, Color = Colors.Black, AntiAlias = true };
        shown.MinorTickStyle = new TickMarkStyle { Length = 1.6f, Width = FrameWidth, Color = Colors.Black, AntiAlias = true };
        shown.PaddingOutsideAxisLabels = new PixelPadding(0, 0);
        shown.EmptyLabelPadding = new PixelPadding(Margin, 0);
    }

    private void Write(LabelStyle style, string text)
    {
        (style.Text, style.Font) = _fonts.Of(text);
        style.FontSize = FontSize;
        style.Bold = false;
    }

    // The room that labels and legend need goes around the axes; returns the height of the whole.
    private float LayOut(ChartKey key)
    {
        using var paint = Paint.NewDisposablePaint();
        float Room(IAxis panel)
        {
            panel.RegenerateTicks(new PixelLength(Width), paint);
            return Margin + panel.Measure(paint);
        }

        var last = _chart.X.Ticks.LastOrDefault(tick => tick.Text.Length > 0);
        var beyond = last.Text is null ? 0 : _plot.Axes.Bottom.TickLabelStyle.Measure(last.Text, paint).Width / 2;
        var (left, right, bottom, top) = (Room(_plot.Axes.Left), Margin + beyond, Room(_plot.Axes.Bottom), Margin + key.Height);
        var height = _chart.IsSquare
            ? top + bottom + (Width - left - right) * (_chart.Y.High - _chart.Y.Low) / (_chart.X.High - _chart.X.Low)
            : key.Height + _chart.PlotHeight * PixelsPerCentimetre;
        _plot.Layout.LayoutEngine = new FixedPadding(new PixelPadding(left, right, bottom, top));
        return MathF.Ceiling((float)height);
    }

    private static double Place(ChartAxis axis, double value) => axis.IsLogarithmic ? Math.Log10(value) : value;
}
