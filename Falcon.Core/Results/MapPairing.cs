using Falcon.Data;
using Falcon.Imaging;

namespace Falcon.Results;

/// <summary>Which mask belongs to which map, by their names below their folders.</summary>
internal sealed class MapPairing
{
    private const string TestFolder = "test/";

    private readonly string[] _maps, _masks;
    private readonly string?[] _found;

    /// <param name="maps">Names of maps, with forward slashes.</param>
    /// <param name="masks">Names of masks, likewise.</param>
    public MapPairing(IReadOnlyList<string> maps, IReadOnlyList<string> masks)
    {
        // A folder that all maps, or masks, lie in need not be named as the others'.
        (_masks, _maps) = ([.. masks], [.. maps]);
        string[][] ofMaps = [[.. maps.Select(Bare)], [.. WithoutCommonFolders(maps).Select(Bare)]];
        string[][] ofMasks = [[.. masks.Select(Bare)], [.. WithoutCommonFolders(masks).Select(Bare)]];
        _found = ofMaps.SelectMany(map => ofMasks.Select(mask => Pair(map, mask))).MaxBy(found => found.Count(mask => mask is not null))!;
    }

    /// <summary>The mask of each map, or null.</summary>
    public IReadOnlyList<string?> Masks => _found;

    /// <summary>What is wrong: masks of no map, and maps without a mask in a folder where others have one, unless it is that of normal images.</summary>
    /// <param name="maps">The folder of maps.</param>
    /// <param name="masks">The folder of masks.</param>
    public IEnumerable<Finding> Faults(string maps, string masks)
    {
        var used = _found.OfType<string>().ToHashSet();
        foreach (var mask in _masks.Where(mask => !used.Contains(mask)))
            yield return new("no map has the name of this mask", Path.Combine(masks, mask), $"Name the map as the mask is named, for example {_maps[0]}, or remove the mask.");
        foreach (var folder in _maps.Zip(_found).GroupBy(pair => FolderOf(pair.First)).Where(folder => folder.Key.Length > 0 && !NormalKind.Is(folder.Key.Split('/')[^1])))
        {
            string[] bare = [.. folder.Where(pair => pair.Second is null).Select(pair => pair.First)];
            if (bare.Length > 0 && bare.Length < folder.Count())
                yield return new(
                    $"{ImageFolder.Counted(bare.Length, "map")} without a mask, though others of this folder have one: {string.Join(", ", bare.Take(4))}{(bare.Length > 4 ? $" and {bare.Length - 4} more" : "")}",
                    Path.Combine(maps, folder.Key), "Add the masks, black ones for normal images, or move the maps of normal images to a folder good.");
        }
    }

    private string?[] Pair(string[] maps, string[] masks)
    {
        var exact = masks.Zip(_masks).ToLookup(pair => pair.First, pair => pair.Second);
        var anyCase = masks.Zip(_masks).ToLookup(pair => pair.First, pair => pair.Second, StringComparer.OrdinalIgnoreCase);
        return [.. maps.Select(map => Of(map) ?? (map.StartsWith(TestFolder, StringComparison.Ordinal) ? Of(map[TestFolder.Length..]) : null))];

        string? Of(string map)
        {
            string[] stems = [map, .. ImageFolder.IsImage(map) ? [Bare(map)] : Array.Empty<string>()];
            return stems.SelectMany(stem => MaskFolder.NamesOf(StemOf(stem)).Select(name => Below(FolderOf(stem), name)))
                .Select(name => exact[name].FirstOrDefault() ?? anyCase[name].FirstOrDefault()).FirstOrDefault(mask => mask is not null);
        }
    }

    private static string[] WithoutCommonFolders(IReadOnlyList<string> names)
    {
        if (names.Count == 0)
            return [];
        var common = FolderOf(names[0]).Split('/');
        foreach (var name in names)
            common = [.. common.Zip(FolderOf(name).Split('/')).TakeWhile(pair => pair.First == pair.Second).Select(pair => pair.First)];
        var length = common.Length == 0 || common[0].Length == 0 ? 0 : string.Join('/', common).Length + 1;
        return [.. names.Select(name => name[length..])];
    }

    private static string FolderOf(string name) => name.LastIndexOf('/') is >= 0 and var end ? name[..end] : "";

    private static string StemOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static string Below(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";

    private static string Bare(string name)
    {
        var extension = Path.GetExtension(name);
        return ImageFolder.IsImage(name) || AnomalyMapFile.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase) ? name[..^extension.Length] : name;
    }
}
