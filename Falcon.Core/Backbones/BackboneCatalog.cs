namespace Falcon.Backbones;

/// <summary>The architectures by name: residual networks, and vision transformers.</summary>
public static class BackboneCatalog
{
    /// <summary>A compact network, one block a layer behind a stem of half the width: the taps of layer1 to layer3 have ResNet-18's channels and strides, at 1.2 M
    /// parameters and less than half the time.</summary>
    public const string Compact = "compact";

    // The teacher that Falcon brought had this architecture and gave it its name.
    private const string FormerCompact = "kestrel";

    /// <summary>All residual networks.</summary>
    public static IReadOnlyList<ResNetArchitecture> All { get; } =
    [
        new("resnet18", [2, 2, 2, 2]),
        new("resnet34", [3, 4, 6, 3]),
        new("resnet50", [3, 4, 6, 3], Bottleneck: true),
        new("wide_resnet50_2", [3, 4, 6, 3], Bottleneck: true, BaseWidth: 128),
        new("wide_resnet101_2", [3, 4, 23, 3], Bottleneck: true, BaseWidth: 128),
        new(Compact, [1, 1, 1, 1], StemWidth: 32),
    ];

    /// <summary>The present name of an architecture by the name that a file of any version gives it.</summary>
    internal static string Current(string stored) => stored == FormerCompact ? Compact : stored;

    /// <summary>The residual network of a name.</summary>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public static ResNetArchitecture Find(string name) => All.FirstOrDefault(architecture => architecture.Name == name)
        ?? throw new InvalidInputException("is not a known residual network", name, $"Choose one of {string.Join(", ", All.Select(known => known.Name))}.");

    /// <summary>The names of all residual networks and published transformers, the former first.</summary>
    public static IReadOnlyList<string> Names => [.. All.Select(known => known.Name), .. TransformerArchitecture.Published.Select(known => known.Name)];

    /// <summary>The residual network or the transformer of a name; null where there is none.</summary>
    public static BackboneArchitecture? TryFind(string name) =>
        All.FirstOrDefault(architecture => architecture.Name == name) ?? (BackboneArchitecture?)TransformerArchitecture.TryFind(name);

    /// <summary>The residual network or the transformer of a name.</summary>
    /// <exception cref="InvalidInputException">There is none of this name.</exception>
    public static BackboneArchitecture FindAny(string name) => TryFind(name)
        ?? throw new InvalidInputException("is not a known backbone", name, $"Choose one of {string.Join(", ", Names)}.");
}
