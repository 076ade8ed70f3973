using System.Text;

namespace Falcon.Reports;

/// <summary>A report as one HTML page: tables and figures are part of it, pictures lie in the folder beside.</summary>
internal static class IndexPage
{
    /// <summary>Writes the page as text.</summary>
    /// <param name="title">The heading.</param>
    /// <param name="cells">All cells.</param>
    /// <param name="tables">The tables, in order.</param>
    /// <param name="figures">Captions with drawings in SVG, or the names of pictures beside the page, in order.</param>
    /// <param name="galleries">The galleries, in order.</param>
    public static string Render(
        string title,
        CellSet cells,
        IReadOnlyList<ReportTable> tables,
        IReadOnlyList<(string Caption, string Drawing)> figures,
        IReadOnlyList<CellGallery> galleries)
    {
        var page = new StringBuilder();
        page.Append($"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n");
        page.Append($"<title>{Wording.Html(title)}</title>\n<style>\n{Resource("page.css")}</style>\n</head>\n<body>\n<main>\n");
        page.Append($"<h1>{Wording.Html(title)}</h1>\n<p class=\"quiet\">{Wording.Html(Wording.Extent(cells))}</p>\n");
        page.Append($"<nav>{Link("tables", "Tables", tables.Count)}{Link("figures", "Figures", figures.Count)}{Link("gallery", "Test images", galleries.Count)}"
            + $"{Link("protocol", "Protocol", cells.Cells.Count)}{Link("provenance", "Provenance", cells.Cells.Count)}</nav>\n");
        if (tables.Count > 0)
            page.Append("<h2 id=\"tables\">Tables</h2>\n").AppendJoin("", tables.Select(TableStyle.Html.Render));
        if (figures.Count > 0)
            page.Append("<h2 id=\"figures\">Figures</h2>\n");
        foreach (var (caption, drawing) in figures)
            page.Append($"<figure class=\"plot\">\n<figcaption>{Wording.Html(caption)}</figcaption>\n{Drawn(drawing)}</figure>\n");
        if (galleries.Count > 0)
            page.Append("<h2 id=\"gallery\">Test images</h2>\n<p class=\"quiet\">Photo, mask, heat map; the worst errors first. "
                + "Heat maps of one cell share one range of colours. A click enlarges a picture.</p>\n").Append(GallerySection.Render(galleries));
        page.Append("<h2 id=\"protocol\">Protocol</h2>\n").Append(ProtocolSection.Render(cells));
        page.Append("<h2 id=\"provenance\">Provenance</h2>\n").Append(ProvenanceSection.Render(cells));
        return page.Append($"</main>\n<script>\n{Resource("page.js")}</script>\n</body>\n</html>\n").ToString();
    }

    private static string Drawn(string drawing) => drawing.IndexOf("<svg", StringComparison.Ordinal) is >= 0 and var start
        ? drawing[start..]
        : $"<img loading=\"lazy\" alt=\"\" src=\"{Wording.Address(drawing)}\">\n";

    private static string Link(string section, string name, int parts) => parts > 0 ? $"<a href=\"#{section}\">{name}</a>" : "";

    private static string Resource(string name)
    {
        using var stream = typeof(IndexPage).Assembly.GetManifestResourceStream(name)!;
        return new StreamReader(stream).ReadToEnd();
    }
}
