namespace Falcon.Reports;

/// <summary>Where figures and pictures of a report come from: a study's store keeps them, so that only what has changed is drawn.</summary>
public interface IReportPieces
{
    /// <summary>What identifies a file's content.</summary>
    /// <exception cref="InvalidInputException">It cannot be read.</exception>
    string DigestOf(string path);

    /// <summary>Makes the files of a piece stand below a folder.</summary>
    /// <param name="kind">What kind of piece it is: small letters and hyphens.</param>
    /// <param name="key">All that its files depend on, in words.</param>
    /// <param name="folder">Where its files are to be.</param>
    /// <param name="make">Writes them below a folder, perhaps another one.</param>
    ReportPiece Get(string kind, string key, string folder, Func<string, ReportPiece> make);
}

/// <summary>A part of a report.</summary>
/// <param name="Files">Its files, relative to the report's folder, with forward slashes.</param>
/// <param name="Left">What had to be left out, and why.</param>
public sealed record ReportPiece(IReadOnlyList<string> Files, IReadOnlyList<Finding> Left);

/// <summary>Makes every piece anew.</summary>
internal sealed class FreshPieces : IReportPieces
{
    public string DigestOf(string path) => FileDigest.Sha256(path);

    public ReportPiece Get(string kind, string key, string folder, Func<string, ReportPiece> make) => make(folder);
}
