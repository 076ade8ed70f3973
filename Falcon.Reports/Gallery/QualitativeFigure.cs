using System.Text;
using Falcon.Data;
using Falcon.Imaging;
using Falcon.Results;

namespace Falcon.Reports;

/// <summary>Test images of a category side by side: a row for each, with the photo, its mask and the heat map of every method. The images are chosen by rule, not by hand: of
/// those with a defect the ones that the first method, the reference, gives its lowest, median and highest score.</summary>
public sealed class QualitativeFigure
{
    private const string Kind = "qualitative";
    private const int Quality = 92, MostLines = 3;

    private readonly IReadOnlyList<(string Rank, ImageOutcome Image)> _rows;
    private readonly IReadOnlyList<CellSource> _columns;
    private readonly IReadOnlyList<string> _headings;

    private QualitativeFigure(IReadOnlyList<CellSource> columns, IReadOnlyList<(string, ImageOutcome)> rows, string name)
    {
        (_columns, _rows, Name) = (columns, rows, name);
        var reference = columns[0].Cell;
        var titles = columns.Select(column => column.Cell.Method.Title).ToList();
        var isKeyed = titles.Exists(title => TextLines.Of(title, line => line.Length <= PicturesPage.LettersOf(columns.Count + 2)).Count > MostLines);
        _headings = [.. titles.Select((title, i) => isKeyed ? KeyLetter.Of(i) : title)];
        Caption = $"Anomaly maps on {reference.Category} of {reference.DataSet} with {reference.Protocol.Shots.Description}, seed {reference.Seed}: of the test images with a defect, those with "
            + $"the lowest (worst), the median and the highest (best) score of {reference.Method.Title}. Maps of one method share one range of colours."
            + (isKeyed ? $" {string.Join("; ", titles.Select((title, i) => $"{_headings[i]}: {title}"))}." : "");
    }

    /// <summary>The name of its files, without extension.</summary>
    public string Name { get; }

    /// <summary>What it shows, in sentences.</summary>
    public string Caption { get; private init; }

    /// <summary>The figures of a study, one for each category: at the largest number of shots, of the first seed, of those cells whose photos and maps are at hand.</summary>
    /// <param name="sources">The cells; the first method is the reference.</param>
    public static IReadOnlyList<QualitativeFigure> Of(IReadOnlyList<CellSource> sources)
    {
        var shown = sources.Where(source => source.Folder is not null && source.CategoryFolder is not null).ToList();
        var isOfOneSet = shown.Select(source => source.Cell.DataSet).Distinct().Count() < 2;
        List<QualitativeFigure> figures = [];
        var categories = shown.GroupBy(source => (source.Cell.DataSet, source.Cell.Category)).ToList();
        var names = SectionName.Distinct(Kind, [.. categories.Select(category => (IReadOnlyList<string>)(isOfOneSet ? [category.Key.Category] : [category.Key.DataSet, category.Key.Category]))]);
        foreach (var (category, name) in categories.Zip(names))
        {
            var most = category.Max(source => source.Cell.Protocol.Shots);
            var columns = category.Where(source => source.Cell.Protocol.Shots == most).GroupBy(source => source.Cell.Method).Select(seeds => seeds.MinBy(source => source.Cell.Seed)!).ToList();
            var ranked = columns[0].Cell.Images.Where(image => image.IsAnomalous && image.MapFile is not null)
                .OrderBy(image => image.Score).ThenBy(image => image.Image, StringComparer.Ordinal).ToList();
            if (ranked.Count == 0)
                continue;
            List<(string, ImageOutcome)> rows = [("worst", ranked[0])];
            if (ranked.Count > 2)
                rows.Add(("median", ranked[ranked.Count / 2]));
            if (ranked.Count > 1)
                rows.Add(("best", ranked[^1]));
            figures.Add(new QualitativeFigure(columns, rows, name));
        }
        return figures;
    }

    /// <summary>The same with what cells share at the end of its caption.</summary>
    public QualitativeFigure WithSettings(CellSet cells) =>
        cells.Settings.Length == 0 ? this : new(_columns, _rows, Name) { Caption = $"{Caption} Settings: {cells.Settings}." };

    /// <summary>Writes <c>NAME.pdf</c> (16 cm wide) and <c>NAME.png</c>, and <c>NAME.tex</c>, a <c>tabular</c> of the single pictures in LaTeX's own fonts.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="pieces">What keeps pictures; null makes them anew.</param>
    /// <exception cref="InvalidInputException">A photo, mask or map cannot be read, or there is no font.</exception>
    public ReportPiece Write(string folder, IReportPieces? pieces = null)
    {
        pieces ??= new FreshPieces();
        var place = _columns[0].CategoryFolder!;
        List<string> key = [Name, Caption, .. _headings];
        foreach (var (rank, image) in _rows)
            key.Add($"{rank} {pieces.DigestOf(Path.Combine(place, image.Image))} {(image.MaskFile is { } mask ? DefectMask.DigestOf(Path.Combine(place, mask), pieces.DigestOf) : "")}");
        key.AddRange(_columns.SelectMany(column => column.Cell.Images.Select(image => image.MapFile).OfType<string>().Distinct().Select(file => CellMaps.Digest(column, file, pieces))));
        if (_columns[0].Cell.Protocol.MaskThreshold?.Level is { } level)
            key.Add($"masks above {level}");
        return pieces.Get(Kind, string.Join('\n', key), folder, Draw);
    }

    private ReportPiece Draw(string folder)
    {
        Directory.CreateDirectory(folder);
        var maps = _columns.Select(column => new CellMaps(column)).ToList();
        List<string> files = [];
        List<(string Label, IReadOnlyList<byte[]?> Pictures)> rows = [];
        var table = new StringBuilder($"% Needs the package graphicx; the pictures lie beside. In a figure: \\input{{{Name}}}\n");
        var width = $"\\dimexpr(\\linewidth-2em)/{_columns.Count + 2}-3pt\\relax";
        table.Append($"\\begingroup\\setlength{{\\tabcolsep}}{{1.5pt}}\\footnotesize\n\\begin{{tabular}}{{@{{}}l*{{{_columns.Count + 2}}}{{c}}@{{}}}}\n");
        table.Append($"  {string.Join("", Headings.Select(heading => $" & \\parbox[b]{{{width}}}{{\\centering {Latex.Escape(heading)}}}"))} \\\\\n");
        foreach (var ((rank, image), row) in _rows.Select((row, i) => (row, i)))
        {
            var photo = ImagePanels.Photo(Path.Combine(_columns[0].CategoryFolder!, image.Image));
            var mask = image.MaskFile is { } file ? ImagePanels.Mask(Path.Combine(_columns[0].CategoryFolder!, file), photo, _columns[0].Cell.Protocol.MaskThreshold) : ImagePanels.Unmasked(image, photo);
            List<RasterImage?> pictures = [photo, mask, .. maps.Select((map, i) => _columns[i].Cell.Images.FirstOrDefault(other => other.Image == image.Image) is { } known ? ImagePanels.Heat(known, map, photo) : null)];
            List<byte[]?> encoded = [.. pictures.Select(picture => picture is null ? null : ImageFile.EncodeJpeg(picture.ToRgb(), Quality))];
            rows.Add((rank, encoded));
            table.Append($"  \\rotatebox{{90}}{{{rank}}}");
            for (var i = 0; i < encoded.Count; i++)
            {
                if (encoded[i] is not { } bytes)
                {
                    table.Append(" &");
                    continue;
                }
                files.Add($"{Name}-{row + 1}-{i + 1}.jpg");
                FileFault.WriteAllBytes(Path.Combine(folder, files[^1]), bytes);
                table.Append($" & \\includegraphics[width={width}]{{{files[^1]}}}");
            }
            table.Append(" \\\\\n");
        }
        table.Append("\\end{tabular}\n\\endgroup\n");
        FileFault.WriteAllBytes(Path.Combine(folder, $"{Name}.tex"), Encoding.UTF8.GetBytes(table.ToString()));
        var page = new PicturesPage(Headings, rows);
        FileFault.WriteAllBytes(Path.Combine(folder, $"{Name}.pdf"), page.Pdf(Caption));
        FileFault.WriteAllBytes(Path.Combine(folder, $"{Name}.png"), page.Png());
        return new ReportPiece([.. files, $"{Name}.tex", $"{Name}.pdf", $"{Name}.png"], []);
    }

    private IReadOnlyList<string> Headings => ["photo", "mask", .. _headings];
}
