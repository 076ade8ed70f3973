using System.Text.RegularExpressions;
using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>Names of the files of tables and figures: those of the sections that they show, whatever stands before them.</summary>
public static partial class SectionName
{
    /// <summary>A kind of table or figure and the metrics that it shows: <c>per-category-image-auroc</c>.</summary>
    public static string Of(string kind, params IReadOnlyList<Metric> metrics) => string.Join('-', metrics.Select(metric => Slug(metric.Name)).Prepend(kind));

    /// <summary>A text with small letters, digits and single hyphens only.</summary>
    public static string Slug(string text) => Others().Replace(Humps().Replace(text, "$1-$2").ToLowerInvariant(), "-").Trim('-');

    [GeneratedRegex("([a-z])([A-Z])")]
    private static partial Regex Humps();

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Others();
}
