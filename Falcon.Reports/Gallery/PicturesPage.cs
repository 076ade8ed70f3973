using SkiaSharp;

namespace Falcon.Reports;

/// <summary>Pictures in rows and columns with a name over each column and beside each row, on one page of 16 cm width.</summary>
internal sealed class PicturesPage
{
    private const float Width = 16 / 2.54f * 72, Margin = 2, Gap = 2.5f, LabelWidth = 11, FontSize = 8, LineHeight = 9.5f, PngScale = 3;
    private const float Letter = 4.6f;

    private readonly IReadOnlyList<IReadOnlyList<string>> _headings;
    private readonly IReadOnlyList<(string Label, IReadOnlyList<SKImage?> Pictures)> _rows;
    private readonly string _texts;
    private readonly float _side;

    /// <param name="headings">One for each column.</param>
    /// <param name="rows">The rows, each with a JPEG or PNG file for each column; null leaves a place empty.</param>
    public PicturesPage(IReadOnlyList<string> headings, IReadOnlyList<(string Label, IReadOnlyList<byte[]?> Pictures)> rows)
    {
        _side = Side(headings.Count);
        _headings = [.. headings.Select(heading => TextLines.Of(heading, line => line.Length <= LettersOf(headings.Count)))];
        _rows = [.. rows.Select(row => (row.Label, (IReadOnlyList<SKImage?>)[.. row.Pictures.Select(picture => picture is null ? null : SKImage.FromEncodedData(picture))]))];
        _texts = string.Concat(headings.Concat(rows.Select(row => row.Label)));
    }

    private float Head => LineHeight * _headings.Max(lines => lines.Count) + Gap;

    private float Height => Margin + Head + _rows.Sum(row => RowHeight(row.Pictures) + Gap) + Margin;

    /// <summary>How many letters a line over one of so many columns has room for.</summary>
    public static int LettersOf(int columns) => (int)(Side(columns) / Letter);

    /// <summary>The page as PDF; equal pages have equal bytes.</summary>
    public byte[] Pdf(string title)
    {
        using var stream = new MemoryStream();
        using (var document = SKDocument.CreatePdf(stream, new SKDocumentPdfMetadata { Title = title, Creator = "Falcon", RasterDpi = SKDocument.DefaultRasterDpi, EncodingQuality = 101 }))
        {
            Draw(document.BeginPage(Width, Height));
            document.EndPage();
            document.Close();
        }
        return stream.ToArray();
    }

    /// <summary>The page as PNG, 216 pixels an inch.</summary>
    public byte[] Png()
    {
        using var surface = SKSurface.Create(new SKImageInfo((int)MathF.Round(PngScale * Width), (int)MathF.Round(PngScale * Height), SKColorType.Rgba8888, SKAlphaType.Opaque));
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.Scale(PngScale);
        Draw(surface.Canvas);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    private void Draw(SKCanvas canvas)
    {
        using var fonts = new ChartFonts(PlotFonts.OfMachine, [_texts]);
        using var font = new SKFont(fonts.Of(_texts).Typeface, FontSize) { Subpixel = true, Hinting = SKFontHinting.None };
        using var ink = new SKPaint { Color = SKColors.Black, IsAntialias = true };
        for (var column = 0; column < _headings.Count; column++)
        {
            var lines = _headings[column];
            for (var i = 0; i < lines.Count; i++)
                canvas.DrawText(Shown(lines[i]), Left(column) + _side / 2, Margin + Head - Gap - LineHeight * (lines.Count - 1 - i) - 2, SKTextAlign.Center, font, ink);
        }
        var top = Margin + Head;
        foreach (var (label, pictures) in _rows)
        {
            var height = RowHeight(pictures);
            canvas.Save();
            canvas.Translate(Margin + FontSize, top + height / 2);
            canvas.RotateDegrees(-90);
            canvas.DrawText(Shown(label), 0, 0, SKTextAlign.Center, font, ink);
            canvas.Restore();
            for (var column = 0; column < pictures.Count; column++)
            {
                if (pictures[column] is { } picture)
                    canvas.DrawImage(picture, SKRect.Create(Left(column), top, _side, _side * picture.Height / picture.Width), new SKSamplingOptions(SKCubicResampler.Mitchell));
            }
            top += height + Gap;
        }

        string Shown(string text) => fonts.Of(text, _texts).Text;
    }

    private float RowHeight(IReadOnlyList<SKImage?> pictures) => pictures.OfType<SKImage>().Max(picture => _side * picture.Height / picture.Width);

    private float Left(int column) => Margin + LabelWidth + column * (_side + Gap);

    private static float Side(int columns) => (Width - 2 * Margin - LabelWidth - (columns - 1) * Gap) / columns;
}
