using System.Globalization;
using System.Text;

namespace Falcon.Reports;

/// <summary>The pictures of one cell on a page.</summary>
internal static class GallerySection
{
    /// <summary>The section as HTML.</summary>
    public static string Render(CellGallery gallery)
    {
        var (cell, wrong, score) = (gallery.Cell, gallery.Items.Count(item => item.IsWrong), ScoreFormat(gallery.Threshold));
        var section = new StringBuilder();
        section.Append($"<section class=\"cell\">\n<h3>{Wording.Html($"{cell.Category}: {new Contender(cell.Method, cell.Protocol.Shots).Title}, seed {cell.Seed}")}</h3>\n");
        section.Append($"<p class=\"note\">{wrong} of {gallery.Items.Count} wrong at threshold {Text(gallery.Threshold, score)}, the one with the best F1 score "
            + $"on these images. <a href=\"{Link(gallery.ContactSheet)}\">Contact sheet</a></p>\n<div class=\"strips\">\n");
        foreach (var item in gallery.Items)
            section.Append(Strip(item, score));
        return section.Append("</div>\n</section>\n").ToString();
    }

    private static string Strip(GalleryItem item, string score)
    {
        var image = item.Outcome;
        var verdict = item.IsWrong ? image.IsAnomalous ? "missed" : "false alarm" : "right";
        return $"<div class=\"strip{(item.IsWrong ? " wrong" : "")}\"><a href=\"{Link(item.StripFile)}\">"
            + $"<img loading=\"lazy\" alt=\"{Wording.Html(image.Image)}\" src=\"data:image/jpeg;base64,{Convert.ToBase64String(item.Thumbnail)}\"></a>"
            + $"<div><span title=\"{Wording.Html(image.Image)}\">{Wording.Html(image.Defect)}</span>"
            + $"<span class=\"score\">{Text(image.Score, score)} <span class=\"verdict\">{verdict}</span></span></div></div>\n";
    }

    // Scores have any scale: as many decimals for all as give the threshold four digits.
    private static string ScoreFormat(double threshold) =>
        $"F{Math.Clamp(3 - (int)Math.Floor(Math.Log10(Math.Max(Math.Abs(threshold), double.Epsilon))), 0, 9)}";

    private static string Text(double score, string format) => score.ToString(format, CultureInfo.InvariantCulture);

    private static string Link(string file) => string.Join('/', file.Split('/').Select(Uri.EscapeDataString));
}
