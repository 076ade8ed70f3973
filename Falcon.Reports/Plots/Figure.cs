using System.Text;
using SkiaSharp;

namespace Falcon.Reports;

/// <summary>A figure: what it shows, its data, and how it is drawn. Equal figures have equal files.</summary>
public sealed class Figure
{
    private const int DrawingVersion = 2, PngWidth = 1340;
    private readonly Chart _chart;

    private Figure(Chart chart)
    {
        var data = new ChartData(chart);
        (_chart, Data, Pgf) = (chart, data.Text, PgfPicture.Of(chart, data));
    }

    /// <summary>What figures are drawn with on this machine: with anything else they may look otherwise.</summary>
    public static string Drawing =>
        $"drawing {DrawingVersion}, ScottPlot {ScottPlot.Version.VersionString}, SkiaSharp {typeof(SKCanvas).Assembly.GetName().Version}, {PlotFonts.OfMachine.Name ?? "no font"}";

    /// <summary>The name of its files, without extension.</summary>
    public string Name => _chart.Name;

    /// <summary>What it shows, in sentences.</summary>
    public string Caption => _chart.Caption;

    /// <summary>The content of <c>NAME.dat</c>: a table with a heading.</summary>
    public string Data { get; }

    /// <summary>The content of <c>NAME.tex</c>: a <c>tikzpicture</c> for LaTeX's pgfplots package that reads the same data.</summary>
    public string Pgf { get; }

    /// <summary>All that its files depend on, what they are drawn with apart.</summary>
    internal string Content => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Name}\n{Caption}\n{_chart.PlotHeight} {_chart.IsSquare}\n{Pgf}\n{Data}");

    /// <summary>Writes its files, as a piece of a report.</summary>
    internal ReportPiece WriteTo(string folder) => new([$"{Name}.dat", $"{Name}.tex", $"{Name}.pdf", $"{Name}.svg", $"{Name}.png"], Write(folder));

    /// <summary>Writes <c>NAME.dat</c> and <c>NAME.tex</c>, and draws <c>NAME.pdf</c> (8.5 cm wide), <c>NAME.svg</c> and <c>NAME.png</c>.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="fonts">The fonts; null for those of this machine.</param>
    /// <returns>What could not be shown: characters that no font has.</returns>
    /// <exception cref="InvalidInputException">There is no font, or the folder cannot be written.</exception>
    public IReadOnlyList<Finding> Write(string folder, PlotFonts? fonts = null)
    {
        Write($"{Name}.dat", Encoding.UTF8.GetBytes(Data));
        Write($"{Name}.tex", Encoding.UTF8.GetBytes(Pgf));
        using var drawing = new ChartDrawing(_chart, fonts ?? PlotFonts.OfMachine);
        Write($"{Name}.pdf", PdfOf(drawing));
        Write($"{Name}.svg", SvgDrawing.Of(drawing, Name, Caption));
        Write($"{Name}.png", PngOf(drawing));
        return drawing.Missing.Count == 0
            ? []
            : [new Finding(
                $"no font has {string.Join(", ", drawing.Missing.Select(character => $"{character} (U+{character.Value:X4})"))}; question marks stand there",
                $"figure {Name}",
                "Install a font that has it (Debian: for example fonts-noto-core or fonts-noto-cjk).")];

        void Write(string name, byte[] content) => AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(content));
    }

    /// <summary>A figure of a chart: Falcon's own plots are made so, and anybody's.</summary>
    /// <param name="chart">What it shows.</param>
    public static Figure Of(Chart chart) => new(chart);

    /// <summary>The same with what cells share at the end of its caption: the settings that no title shows.</summary>
    /// <param name="cells">The cells that it shows.</param>
    public Figure WithSettings(CellSet cells) => cells.Settings.Length == 0 ? this : Of(_chart with { Caption = $"{Caption} Settings: {cells.Settings}." });

    /// <summary>The same under another name of its files, with something said at the end of its caption.</summary>
    /// <param name="name">The name, without extension: letters, digits and hyphens.</param>
    /// <param name="remark">A sentence; empty for nothing.</param>
    public Figure Called(string name, string remark = "") => Of(_chart with { Name = name, Caption = remark.Length == 0 ? Caption : $"{Caption} {remark}" });

    private byte[] PdfOf(ChartDrawing drawing)
    {
        using var stream = new MemoryStream();
        // No time of creation: equal figures have equal bytes.
        using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Title = Caption, Creator = "Falcon", RasterDpi = SKDocument.DefaultRasterDpi, EncodingQuality = 101 }))
        {
            var canvas = document.BeginPage(ChartDrawing.Width / PlotStyle.PixelsPerPoint, drawing.Height / PlotStyle.PixelsPerPoint);
            canvas.Scale(1 / PlotStyle.PixelsPerPoint);
            drawing.Draw(canvas);
            document.EndPage();
            document.Close();
        }
        return stream.ToArray();
    }

    private static byte[] PngOf(ChartDrawing drawing)
    {
        var scale = PngWidth / ChartDrawing.Width;
        using var surface = SKSurface.Create(new SKImageInfo(PngWidth, (int)MathF.Round(scale * drawing.Height), SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(scale);
        drawing.Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
