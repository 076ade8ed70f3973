namespace Falcon.Backbones;

/// <summary>The architectures by name.</summary>
public static class BackboneCatalog
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ResNetArchitecture> All { get; } =
    [
        new("resnet18", [2, 2, 2, 2]),
        new("resnet34", [3, 4, 6, 3]),
        new("resnet50", [3, 4, 6, 3], Bottleneck: true),
        new("wide_resnet50_2", [3, 4, 6, 3], Bottleneck: true, BaseWidth: 128),
        new("wide_resnet101_2", [3, 4, 23, 3], Bottleneck: true, BaseWidth: 128),
    ];

    /// <summary>The architecture of a name.</summary>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public static ResNetArchitecture Find(string name) => All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw new InvalidInputException("is not a known backbone", name, $"Choose one of {string.Join(", ", All.Select(known => known.Name))}.");
}
