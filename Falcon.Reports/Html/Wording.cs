using System.Net;

namespace Falcon.Reports;

/// <summary>Text of pages.</summary>
internal static class Wording
{
    /// <summary>A number of things.</summary>
    public static string Count(int number, string one, string? many = null) => $"{number} {(number == 1 ? one : many ?? one + "s")}";

    /// <summary>Text as HTML shows it unchanged.</summary>
    public static string Html(string text) => WebUtility.HtmlEncode(text);
}
