using Falcon.Weights;

namespace Falcon.Backbones;

/// <summary>Which architecture a weight file holds, told by the names and shapes of its tensors.</summary>
public static class StoredArchitecture
{
    /// <summary>The residual network, EfficientNet-B0 or patch description network whose tensors are in a file, also behind a prefix.</summary>
    /// <param name="file">Layers at the end of a residual network may be missing; where that leaves several, the first of <see cref="BackboneCatalog.All"/>.</param>
    /// <returns>As methods name backbones; null for any other network, vision transformers included, whose names tell more than their shapes.</returns>
    public static string? Of(WeightFile file) =>
        Residual(file, NameSchemes.Falcon) ?? NameSchemes.All.Skip(1).Select(scheme => Residual(file, scheme)).FirstOrDefault(found => found is not null)
        ?? Other(file);

    private static string? Residual(WeightFile file, NameScheme scheme)
    {
        const string first = "layer1.0.conv1.weight";
        if (scheme.ToForeign(first) is not { } foreign || Ending(file, foreign) is not { } found)
            return null;
        var stored = new StoredNetwork(file, scheme, found[..^foreign.Length]);
        return BackboneCatalog.All.FirstOrDefault(architecture => Fits(stored, architecture))?.Name;
    }

    private static bool Fits(StoredNetwork stored, ResNetArchitecture architecture)
    {
        var width = architecture.Convolutions(BackboneTap.Layer1, architecture.StemWidth, 1).First().Out;
        return Outputs(stored, "conv1.weight") == architecture.StemWidth && Outputs(stored, "layer1.0.conv1.weight") == width
            && (Outputs(stored, "layer1.0.conv3.weight") is not null) == architecture.Bottleneck
            && architecture.Blocks.Select((blocks, layer) => Count(stored, layer + 1) is var count && (count == blocks || (count == 0 && layer > 0))).All(fits => fits);
    }

    /// <summary>The blocks of a layer.</summary>
    private static int Count(StoredNetwork stored, int layer) =>
        Enumerable.Range(0, int.MaxValue).First(block => Outputs(stored, $"layer{layer}.{block}.conv1.weight") is null);

    private static long? Outputs(StoredNetwork stored, string own) =>
        stored.Scheme.ToForeign(own) is not null && stored.File.Contains(stored.NameOf(own)) ? stored.File.Entry(stored.NameOf(own)).Shape[0] : null;

    private static string? Other(WeightFile file)
    {
        if ((Ending(file, "conv_stem.weight") ?? Ending(file, "features.0.0.weight")) is { } stem)
            return file.Entry(stem).Shape is [32, 3, 3, 3] ? EfficientNet.B0 : null;
        return (Ending(file, "0.weight") ?? Ending(file, "conv1.weight")) is not { } description ? null : file.Entry(description).Shape switch
        {
            [128, 3, 4, 4] => PatchDescriptionNetwork.Small,
            [256, 3, 4, 4] => PatchDescriptionNetwork.Medium,
            _ => null,
        };
    }

    /// <summary>The shortest name that is this one, or ends with it behind a dot.</summary>
    private static string? Ending(WeightFile file, string name) =>
        file.Names.Where(stored => stored == name || stored.EndsWith('.' + name, StringComparison.Ordinal)).MinBy(stored => stored.Length);
}
