using System.Text;

namespace Falcon.Reports;

/// <summary>Writes what a study found: tables, figures, pictures and a page that shows them together.</summary>
public static class ReportFolder
{
    /// <summary>Writes a report. Equal cells give equal tables, figures and data.</summary>
    /// <param name="folder">Where to; files of an earlier report are replaced. It gets, for each table, <c>.tex</c>, <c>.md</c>, <c>.csv</c> and <c>.json</c> under its
    /// label, <c>cells.csv</c> with every metric of every cell, for each figure <c>.pdf</c>, <c>.svg</c>, <c>.png</c> with data and a source for LaTeX, strips and contact sheets
    /// below <c>gallery/</c>, <c>document.tex</c>, which inputs tables and figures, and <c>index.html</c>.</param>
    /// <param name="title">The heading.</param>
    /// <param name="sources">The cells. Of each method, number of shots and category only the first seed's pictures are shown.</param>
    /// <param name="contents">What to show.</param>
    /// <param name="failures">Cells that failed; they are named on the page and in the document. Null for none.</param>
    /// <returns>What had to be left out, and why: figures without a font, characters that no font has, pictures of files that are gone.</returns>
    /// <exception cref="InvalidInputException">There are no cells, they do not fit together, or the folder cannot be written.</exception>
    public static IReadOnlyList<Finding> Write(
        string folder,
        string title,
        IReadOnlyList<CellSource> sources,
        ReportContents contents,
        IReadOnlyList<FailedCell>? failures = null)
    {
        if (sources.Count == 0)
            throw new InvalidInputException("there is nothing to report", title, "Run at least one cell.");
        var cells = new CellSet([.. sources.Select(source => source.Cell)], failures);
        var (tables, figures) = contents;

        List<Finding> left = [];
        foreach (var table in tables)
        {
            WriteText($"{table.Label}.tex", TableStyle.Booktabs.Render(table));
            WriteText($"{table.Label}.md", TableStyle.Markdown.Render(table));
            WriteText($"{table.Label}.csv", TableStyle.Csv.Render(table));
            WriteText($"{table.Label}.json", TableStyle.Json.Render(table));
        }
        WriteText(CellsCsv.File, CellsCsv.Of(cells));
        var drawn = figures.Where(figure => Attempt(left, () => left.AddRange(figure.Write(folder)))).ToList();
        WriteText("document.tex", LatexDocument.Render(title, cells, tables, drawn));

        List<CellGallery> galleries = [];
        foreach (var source in sources.GroupBy(s => (s.Cell.DataSet, s.Cell.Category, s.Cell.Method, s.Cell.Protocol.Shots)).Select(seeds => seeds.MinBy(s => s.Cell.Seed)!))
        {
            Attempt(left, () =>
            {
                if (GalleryFolder.Write(folder, source) is { } gallery)
                    galleries.Add(gallery);
            });
        }
        var drawings = drawn.Select(figure => (figure.Caption, File.ReadAllText(Path.Combine(folder, $"{figure.Name}.svg")))).ToList();
        WriteText("index.html", IndexPage.Render(title, cells, tables, drawings, galleries));
        return left;

        void WriteText(string name, string text) => AtomicFile.Write(Path.Combine(folder, name), stream => stream.Write(Encoding.UTF8.GetBytes(text)));
    }

    private static bool Attempt(List<Finding> left, Action action)
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
