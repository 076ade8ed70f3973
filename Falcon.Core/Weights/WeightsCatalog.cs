using System.Text.Json;

namespace Falcon.Weights;

/// <summary>The weight files that Falcon knows where to find. They are data: <c>catalog.json</c> beside this file.</summary>
public static class WeightsCatalog
{
    /// <summary>All of them, in the order of the catalogue.</summary>
    public static IReadOnlyList<KnownWeights> All { get; } = Read();

    /// <summary>The teacher that Falcon brings.</summary>
    public static KnownWeights Shipped { get; } = All.Single(known => known.Origin == WeightsOrigin.Shipped);

    /// <summary>Teachers for whoever names none, the best first (measured in docs/teachers.md).</summary>
    public static IReadOnlyList<KnownWeights> Usual { get; } = [Find("resnet18"), Find("resnet18-mlnet"), Shipped];

    /// <summary>The entry of a name.</summary>
    /// <exception cref="InvalidInputException">No entry has this name.</exception>
    public static KnownWeights Find(string name) => All.FirstOrDefault(known => known.Name == name)
        ?? throw new InvalidInputException("is not a known weight file", name, $"Choose one of {string.Join(", ", All.Select(known => known.Name))}.");

    private static KnownWeights[] Read()
    {
        using var stream = typeof(WeightsCatalog).Assembly.GetManifestResourceStream("Falcon.Weights.catalog.json")!;
        return JsonSerializer.Deserialize<KnownWeights[]>(stream, JsonSerializerOptions.Web)!;
    }
}
