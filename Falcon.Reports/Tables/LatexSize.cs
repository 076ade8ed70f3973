namespace Falcon.Reports;

/// <summary>The sizes in which tables are set, the largest first; the smallest can still be read.</summary>
/// <param name="Command">What LaTeX is told.</param>
/// <param name="Scale">How wide text is in units of the same at 10 pt.</param>
/// <param name="Gap">Space to each side of a column, in points.</param>
internal sealed record LatexSize(string Command, double Scale, double Gap)
{
    public static IReadOnlyList<LatexSize> All { get; } =
    [
        new("", 1, 6),
        new("  \\small\\setlength{\\tabcolsep}{4pt}\n", 0.93, 4),
        new("  \\footnotesize\\setlength{\\tabcolsep}{3pt}\n", 0.86, 3),
    ];
}
