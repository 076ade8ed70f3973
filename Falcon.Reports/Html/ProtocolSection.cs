using System.Text;

namespace Falcon.Reports;

/// <summary>How the numbers were obtained, and which cells failed, on a page.</summary>
internal static class ProtocolSection
{
    /// <summary>The section as HTML.</summary>
    public static string Render(CellSet cells)
    {
        var section = new StringBuilder("<figure>\n<dl>\n");
        foreach (var same in cells.Cells.GroupBy(cell => cell.Protocol.Line))
            section.Append(Entry(string.Join(", ", same.Select(cell => cell.Method.Title).Distinct()), same.Key));
        foreach (var variant in cells.Metrics.Where(metric => metric.Variant is not null).GroupBy(metric => metric.Variant!))
            section.Append(Entry(string.Join(", ", variant.Select(metric => metric.Title)), variant.Key));
        if (cells.Settings.Length > 0)
            section.Append(Entry("Settings", cells.Settings));
        section.Append(Entry("Seeds", string.Join(", ", cells.Cells.Select(cell => cell.Seed).Distinct().Order())));
        foreach (var failure in cells.Failures)
            section.Append(Entry("Failed", failure.Description));
        return section.Append("</dl>\n</figure>\n").ToString();
    }

    private static string Entry(string term, string text) => $"<dt>{Wording.Html(term)}</dt><dd>{Wording.Html(text)}</dd>\n";
}
