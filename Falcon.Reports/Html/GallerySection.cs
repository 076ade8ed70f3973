using System.Globalization;
using System.Text;

namespace Falcon.Reports;

/// <summary>The test images on a page: a section per cell, the worst errors first, and a form that filters them by category, method and verdict.</summary>
internal static class GallerySection
{
    /// <summary>All sections as HTML, under their form.</summary>
    /// <param name="galleries">At least one.</param>
    public static string Render(IReadOnlyList<CellGallery> galleries)
    {
        var section = new StringBuilder("<form class=\"filters\" onsubmit=\"return false\">\n");
        section.Append(Choice("category", "Category", galleries.Select(gallery => gallery.Cell.Category), "all"));
        section.Append(Choice("method", "Method", galleries.Select(Method), "all"));
        section.Append("<label>Show <select name=\"show\"><option value=\"\">all images</option><option value=\"wrong\">wrong ones</option>"
            + "<option value=\"right\">right ones</option></select></label>\n<output class=\"quiet\"></output>\n</form>\n");
        return section.AppendJoin("", galleries.Select(Cell)).ToString();
    }

    private static string Choice(string name, string label, IEnumerable<string> values, string none)
    {
        var options = values.Distinct().Select(value => $"<option>{Wording.Html(value)}</option>");
        return $"<label>{label} <select name=\"{name}\"><option value=\"\">{none}</option>{string.Concat(options)}</select></label>\n";
    }

    private static string Cell(CellGallery gallery)
    {
        var (cell, wrong, score) = (gallery.Cell, gallery.Items.Count(item => item.IsWrong), ScoreFormat(gallery.Threshold));
        var section = new StringBuilder();
        section.Append($"<section class=\"cell\" data-category=\"{Wording.Html(cell.Category)}\" data-method=\"{Wording.Html(Method(gallery))}\">\n");
        section.Append($"<h3>{Wording.Html($"{cell.Category}: {Method(gallery)}, seed {cell.Seed}")}</h3>\n");
        section.Append($"<p class=\"note\">{wrong} of {gallery.Items.Count} wrong at threshold {Text(gallery.Threshold, score)}, the one with the best F1 score "
            + "on these images.</p>\n");
        foreach (var finding in gallery.Left)
            section.Append($"<p class=\"note\">{Wording.Html($"{finding.What}. {finding.Fix}")}</p>\n");
        section.Append("<div class=\"strips\">\n");
        foreach (var item in gallery.Items)
            section.Append(Strip(item, gallery.Threshold, score));
        return section.Append("</div>\n</section>\n").ToString();
    }

    private static string Strip(GalleryItem item, double threshold, string score)
    {
        var image = item.Outcome;
        var verdict = item.IsWrong ? image.IsAnomalous ? "missed" : "false alarm" : "right";
        var relation = image.Score >= threshold ? "≥" : "<";
        return $"<div class=\"strip{(item.IsWrong ? " wrong" : "")}\">"
            + $"<div class=\"pictures\">{Picture(item.PhotoFile, image.Image)}{(item.MaskFile is null ? $"<span class=\"{(image.IsAnomalous ? "unknown" : "blank")}\"></span>" : Picture(item.MaskFile, "mask"))}"
            + $"{(item.HeatFile is null ? "" : Picture(item.HeatFile, "heat map"))}</div>"
            + $"<div class=\"verdict-line\"><span title=\"{Wording.Html(image.Image)}\">{Wording.Html(image.Defect)}</span>"
            + $"<span class=\"score\">{Text(image.Score, score)} <small>{Wording.Html(relation)} {Text(threshold, score)}</small> "
            + $"<span class=\"verdict\">{verdict}</span></span></div></div>\n";
    }

    private static string Picture(string file, string alternative) => $"<img loading=\"lazy\" alt=\"{Wording.Html(alternative)}\" src=\"{Wording.Address(file)}\">";

    private static string Method(CellGallery gallery) => new Contender(gallery.Cell.Method, gallery.Cell.Protocol.Shots).Title;

    // Scores have any scale: as many decimals for all as give the threshold four digits.
    private static string ScoreFormat(double threshold) =>
        $"F{Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Max(Math.Abs(threshold), double.Epsilon))), 0, 9)}";

    private static string Text(double score, string format) => score.ToString(format, CultureInfo.InvariantCulture);
}
