using System.Text.Json;
using Falcon.Data;
using Falcon.Metrics;
using Falcon.Protocol;

namespace Falcon.Reports;

/// <summary>Published results of the methods that Falcon implements, from the data file <c>reported.json</c>: percentages as they were printed.</summary>
public static class ReportedResults
{
    private static readonly Lazy<IReadOnlyList<ReportedResult>> Loaded = new(Load);

    /// <summary>Every number.</summary>
    public static IReadOnlyList<ReportedResult> All => Loaded.Value;

    private static List<ReportedResult> Load()
    {
        using var file = typeof(ReportedResults).Assembly.GetManifestResourceStream("reported.json")!;
        var publications = JsonSerializer.Deserialize<List<Publication>>(file, JsonSerializerOptions.Web)!;
        return [.. publications.SelectMany(Numbers)];
    }

    private static IEnumerable<ReportedResult> Numbers(Publication publication)
    {
        foreach (var (category, values) in publication.Values)
        {
            for (var i = 0; i < values.Count; i++)
            {
                if (values[i] is not { } percent)
                    continue;
                var deviation = publication.Deviations?.GetValueOrDefault(category)?[i];
                yield return new ReportedResult(
                    publication.Method,
                    publication.Title,
                    publication.Shots,
                    publication.DataSet,
                    category == "mean" ? null : category,
                    publication.Categories ?? Math.Max(publication.Values.Count - 1, DataCatalog.All.FirstOrDefault(known => known.Name == publication.DataSet)?.Categories.Count ?? 0),
                    Metric.Parse(publication.Metrics[i]),
                    percent / 100,
                    deviation / 100,
                    publication.Source)
                {
                    IsOracle = publication.Oracle,
                };
            }
        }
    }

    private sealed record Publication(
        string Method,
        string Title,
        ShotCount Shots,
        string DataSet,
        string Source,
        int? Categories,
        IReadOnlyList<string> Metrics,
        IReadOnlyDictionary<string, IReadOnlyList<double?>> Values,
        IReadOnlyDictionary<string, IReadOnlyList<double?>>? Deviations = null,
        bool Oracle = false);
}
