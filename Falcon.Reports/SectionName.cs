using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>Names of the files of tables and figures: those of the sections that they show, whatever stands before them.</summary>
public static partial class SectionName
{
    private const int DigestLetters = 8;

    /// <summary>A kind of table or figure and the metrics that it shows: <c>per-category-image-auroc</c>.</summary>
    public static string Of(string kind, params IReadOnlyList<Metric> metrics) => string.Join('-', metrics.Select(metric => Slug(metric.Name)).Prepend(kind));

    /// <summary>Names for several things of one kind, each of several texts: their words behind that of the kind. Where two would have one name, or a text has no such letter,
    /// the beginning of a SHA-256 tells them apart.</summary>
    /// <param name="kind">The word before all names.</param>
    /// <param name="things">The texts of each thing, which differ.</param>
    /// <returns>The names, in their order.</returns>
    public static IReadOnlyList<string> Distinct(string kind, IReadOnlyList<IReadOnlyList<string>> things)
    {
        var slugs = things.Select(texts => string.Join('-', texts.Select(Slug).Prepend(kind).Where(slug => slug.Length > 0))).ToList();
        var shared = slugs.GroupBy(slug => slug).Where(same => same.Count() > 1).Select(same => same.Key).ToHashSet();
        return [.. slugs.Zip(things, (slug, texts) => shared.Contains(slug) || texts.Any(text => Slug(text).Length == 0)
            ? $"{slug}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', texts))))[..DigestLetters]}"
            : slug)];
    }

    /// <summary>A text with small letters, digits and single hyphens only.</summary>
    public static string Slug(string text) => Others().Replace(Humps().Replace(text, "$1-$2").ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex Humps();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
