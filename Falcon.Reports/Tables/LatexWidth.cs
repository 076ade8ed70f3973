namespace Falcon.Reports;

/// <summary>How much room text takes in LaTeX's own fonts, in points, a little generously.</summary>
internal static class LatexWidth
{
    /// <summary>The line of an A4 page with margins of 25 mm.</summary>
    public const double Line = 452;

    /// <summary>A number <c>100.0</c> in bold, and one with its sign.</summary>
    public const double Number = 26.5, Difference = 28;

    /// <summary>The length of a text at 10 pt.</summary>
    public static double Of(string text) => text.Sum(letter => letter switch
    {
        ' ' => 3.4,
        '.' or ',' or ';' or ':' or '\'' or 'i' or 'j' or 'l' or '|' or '!' => 3.0,
        'f' or 't' or 'r' or 's' or '(' or ')' or '[' or ']' => 4.0,
        'm' or 'w' or 'M' or 'W' or '%' or '@' => 9.3,
        >= 'A' and <= 'Z' => 7.3,
        '-' => 6.0,
        '±' or '×' or '−' or '+' or '=' => 7.8,
        < '\u0370' => 5.3,
        _ => 9.0,
    });

    /// <summary>The length of the longest word of a text at 10 pt.</summary>
    public static double OfWords(string text) => text.Split(' ').Max(Of);

    /// <summary>A deviation with its sign, always set at 7 pt.</summary>
    public static double Deviation(string text) => 9.5 + text.Sum(letter => letter == '.' ? 2.4 : 4.0);
}
