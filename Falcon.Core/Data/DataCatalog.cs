using System.Text.Json;

namespace Falcon.Data;

/// <summary>The published data sets that Falcon knows. They are data: <c>catalog.json</c> beside this file.</summary>
public static class DataCatalog
{
    /// <summary>All of them, in the order of the catalogue.</summary>
    public static IReadOnlyList<KnownDataSet> All { get; } = Read();

    /// <summary>The entry of a name.</summary>
    /// <exception cref="InvalidInputException">No entry has this name.</exception>
    public static KnownDataSet Find(string name) => All.FirstOrDefault(known => known.Name == name)
        ?? throw new InvalidInputException("is not a known data set", name, $"Choose one of {string.Join(", ", All.Select(known => known.Name))}.");

    private static KnownDataSet[] Read()
    {
        using var stream = typeof(DataCatalog).Assembly.GetManifestResourceStream("Falcon.Data.catalog.json")!;
        return JsonSerializer.Deserialize<KnownDataSet[]>(stream, JsonSerializerOptions.Web)!;
    }
}
