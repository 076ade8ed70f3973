using System.Text;

namespace Falcon.Reports;

/// <summary>Writes what a study found: tables, figures, pictures and a page that shows them together.</summary>
public static class ReportFolder
{
    /// <summary>Writes a report. Equal cells give equal tables, figures and data.</summary>
    /// <param name="folder">Where to; files of an earlier report are replaced. It gets, for each table, <c>.tex</c>, <c>.md</c>, <c>.csv</c> and <c>.json</c> under its
    /// label, <c>cells.csv</c> with every metric of every cell, for each figure <c>.pdf</c>, <c>.svg</c>, <c>.png</c> with data and a source for LaTeX, pictures
    /// below <c>gallery/</c>, each once, <c>document.tex</c>, which inputs tables and figures, and <c>index.html</c>.</param>
    /// <param name="title">The heading.</param>
    /// <param name="sources">The cells. Of each method, number of shots and category only the first seed's pictures are shown.</param>
    /// <param name="contents">What to show.</param>
    /// <param name="failures">Cells that failed; they are named on the page and in the document. Null for none.</param>
    /// <param name="pieces">What keeps figures and pictures; null makes them anew.</param>
    /// <returns>The files, and what had to be left out: figures without a font, characters that no font has, pictures of files that are gone.</returns>
    /// <exception cref="InvalidInputException">There are no cells, they do not fit together, or the folder cannot be written.</exception>
    public static ReportPiece Write(
        string folder,
        string title,
        IReadOnlyList<CellSource> sources,
        ReportContents contents,
        IReadOnlyList<FailedCell>? failures = null,
        IReportPieces? pieces = null)
    {
        if (sources.Count == 0)
            throw new InvalidInputException("there is nothing to report", title, "Run at least one cell.");
        pieces ??= new FreshPieces();
        var cells = new CellSet([.. sources.Select(source => source.Cell)], failures);
        // Pictures, too, name methods as the tables do.
        sources = [.. sources.Zip(cells.Cells, (source, cell) => source with { Cell = cell })];

        List<Finding> left = [];
        List<string> files = [];
        foreach (var table in contents.Tables)
        {
            WriteText($"{table.Label}.tex", TableStyle.Booktabs.Render(table));
            WriteText($"{table.Label}.md", TableStyle.Markdown.Render(table));
            WriteText($"{table.Label}.csv", TableStyle.Csv.Render(table));
            WriteText($"{table.Label}.json", TableStyle.Json.Render(table));
        }
        WriteText(CellsCsv.File, CellsCsv.Of(cells));
        List<(string Name, string Caption, string Drawing)> drawn = [];
        foreach (var figure in contents.Figures)
        {
            if (Attempt(() => Add(pieces.Get("figure", figure.Content, folder, figure.WriteTo))))
                drawn.Add((figure.Name, figure.Caption, File.ReadAllText(Path.Combine(folder, $"{figure.Name}.svg"))));
        }
        foreach (var figure in contents.HasQualitative ? QualitativeFigure.Of(sources) : [])
        {
            var settled = figure.WithSettings(cells);
            if (Attempt(() => Add(settled.Write(folder, pieces))))
                drawn.Add((settled.Name, settled.Caption, $"{settled.Name}.png"));
        }
        (string, string)[] captioned = [.. drawn.Select(figure => (figure.Name, figure.Caption))];
        WriteText("document.tex", LatexDocument.Render(title, cells, contents.Tables, captioned));
        var letters = LatexDocument.Letters(title, cells, contents.Tables, captioned);
        left.AddRange(letters.Left);
        if (letters.Pdf() is { } drawnLetters)
        {
            files.Add(LatexLetters.PdfFile);
            AtomicFile.Write(Path.Combine(folder, LatexLetters.PdfFile), stream => stream.Write(drawnLetters));
        }

        List<CellGallery> galleries = [];
        var first = sources.GroupBy(s => (s.Cell.DataSet, s.Cell.Category, s.Cell.Method, s.Cell.Protocol.Shots)).Select(seeds => seeds.MinBy(s => s.Cell.Seed)!);
        foreach (var source in contents.HasOverlays ? first : [])
        {
            Attempt(() =>
            {
                if (GalleryFolder.Write(folder, source, pieces) is not { } gallery)
                    return;
                galleries.Add(gallery);
                files.AddRange(gallery.Files);
                left.AddRange(gallery.Left);
            });
        }
        WriteText("index.html", IndexPage.Render(title, cells, contents.Tables, [.. drawn.Select(figure => (figure.Caption, figure.Drawing))], galleries));
        return new ReportPiece([.. files.Distinct()], left);

        void Add(ReportPiece piece)
        {
            files.AddRange(piece.Files);
            left.AddRange(piece.Left);
        }

        void WriteText(string name, string text)
        {
            files.Add(name);
            var path = Path.Combine(folder, name);
            if (!File.Exists(path) || File.ReadAllText(path) != text)
                AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(text)));
        }

        bool Attempt(Action action)
        {
            try
            {
                action();
                return true;
            }
            catch (InvalidInputException error)
            {
                left.AddRange(error.Findings);
                return false;
            }
        }
    }
}
