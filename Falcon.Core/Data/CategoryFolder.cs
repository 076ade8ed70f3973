namespace Falcon.Data;

/// <summary>A category laid out as in MVTec AD: <c>train/good</c>, <c>test/good</c>, <c>test/DEFECT</c>, <c>ground_truth/DEFECT/NAME_mask.png</c>. The
/// normal folders may also be called <c>ok</c> or <c>normal</c>, the test part and the masks may be missing.</summary>
internal static class CategoryFolder
{
    /// <param name="dataSet">The data set's name.</param>
    /// <param name="folder">The category's folder, with normal training images.</param>
    public static Category Read(string dataSet, string folder)
    {
        var name = Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar));
        var training = ImageFolder.Training(folder)!;
        var test = Path.Combine(folder, "test");
        var train = ImageFolder.Images(training).Select(path => Item(folder, path, Path.GetFileName(training), null));
        var tested = ImageFolder.Folders(test).SelectMany(
            defect => ImageFolder.Images(Path.Combine(test, defect)).Select(path => Item(folder, path, defect, Masks(folder, defect))));
        return new(dataSet, name, folder, [.. train], [.. tested.OrderBy(item => item.RelativeName, StringComparer.Ordinal)]);
    }

    /// <summary>The masks of a kind of defect by the stem of their image; a mask <c>STEM_mask</c> goes before one of the same stem.</summary>
    private static Dictionary<string, string> Masks(string folder, string defect)
    {
        const string suffix = "_mask";
        var files = ImageFolder.Images(Path.Combine(folder, "ground_truth", defect));
        var masks = files.ToLookup(path => Path.GetFileNameWithoutExtension(path) is var stem && stem.EndsWith(suffix, StringComparison.Ordinal)
            ? stem[..^suffix.Length]
            : stem);
        return masks.ToDictionary(
            group => group.Key, group => group.OrderByDescending(path => Path.GetFileNameWithoutExtension(path).EndsWith(suffix, StringComparison.Ordinal)).First());
    }

    private static ImageItem Item(string folder, string path, string defect, Dictionary<string, string>? masks)
    {
        var isAnomalous = !ImageFolder.NormalNames.Contains(defect);
        var relative = Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
        return new(path, relative, defect, isAnomalous, isAnomalous ? masks?.GetValueOrDefault(Path.GetFileNameWithoutExtension(path)) : null);
    }
}
