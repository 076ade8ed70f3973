using System.Net;

namespace Falcon.Reports;

/// <summary>Text of pages.</summary>
internal static class Wording
{
    /// <summary>A number of things.</summary>
    public static string Count(int number, string one, string? many = null) => $"{number} {(number == 1 ? one : many ?? one + "s")}";

    /// <summary>Text as HTML shows it unchanged.</summary>
    public static string Html(string text) => WebUtility.HtmlEncode(text);

    /// <summary>A relative path as the address of a picture: signs that mean something in addresses are written so that they do not.</summary>
    public static string Address(string file) => Html(string.Join('/', file.Split('/').Select(Uri.EscapeDataString)));

    /// <summary>How much was evaluated, as a sentence.</summary>
    public static string Extent(CellSet cells)
    {
        var categories = cells.DataSets.Sum(dataSet => cells.Categories(dataSet).Count);
        var seeds = cells.Cells.Select(cell => cell.Seed).Distinct().Count();
        return $"{string.Join(", ", cells.DataSets)}: {Count(cells.Cells.Count, "cell")} of {Count(categories, "category", "categories")}, "
            + $"{Count(cells.Contenders.Select(c => c.Method).Distinct().Count(), "method")} and {Count(seeds, "seed")}"
            + $"{(cells.Failures.Count > 0 ? $"; {Count(cells.Failures.Count, "cell")} failed" : "")}."
            + (cells.Settings.Length > 0 ? $" Settings: {cells.Settings}." : "");
    }
}
