using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>A category folder split by subfolders: training images, <c>test/NORMAL</c>, <c>test/DEFECT</c> and <c>ground_truth/DEFECT</c>, under the names that a data set
/// uses for them.</summary>
/// <param name="TrainFolders">Where the training images may lie below the category's folder; the first that holds images is taken.</param>
/// <param name="NormalNames">The subfolders of <c>test</c> that hold normal images.</param>
/// <param name="MaskSuffixes">What follows an image's name in the name of its mask, before any extension; the first that is there is taken.</param>
internal sealed record SplitLayout(IReadOnlyList<string> TrainFolders, IReadOnlyList<string> NormalNames, IReadOnlyList<string> MaskSuffixes)
{
    private static readonly string[] GoodNames = ["good", "ok", "normal", "Normal"];

    /// <summary>MVTec AD's layout, with the other common names for normal images.</summary>
    public static SplitLayout Good { get; } = new([.. GoodNames.Select(name => $"train/{name}"), "train"], GoodNames, ["_mask", ""]);

    /// <summary>Whether a folder is a category in this layout: it has training images.</summary>
    public bool Fits(string folder) => TrainFolder(folder) is not null;

    /// <summary>Lists the images of a category folder that fits.</summary>
    public Category Read(string dataSet, string folder, MaskThreshold threshold)
    {
        var train = TrainFolder(folder)!;
        var test = Path.Combine(folder, "test");
        return new Category(
            dataSet,
            NameOf(folder),
            folder,
            Items(folder, train, NormalNames[0]),
            [.. Folders(test).SelectMany(kind => Items(folder, Path.Combine(test, kind), kind)).OrderBy(item => item.RelativeName, StringComparer.Ordinal)])
        { MaskThreshold = threshold };
    }

    /// <summary>A folder's own name, also for <c>.</c> and for paths that end in a slash.</summary>
    public static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    /// <summary>The image files directly in a folder, ordinally sorted by name, hidden ones left out; none when there is no such folder.</summary>
    public static IReadOnlyList<string> Images(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder).Where(path => !IsHidden(path) && IsImage(path)).Order(StringComparer.Ordinal)];

    /// <summary>The names of the folders in a folder, ordinally sorted, hidden ones left out; none when there is no such folder.</summary>
    public static IReadOnlyList<string> Folders(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateDirectories(folder).Where(path => !IsHidden(path)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>What a folder holds, for messages.</summary>
    public static string Found(string folder)
    {
        const int shown = 8;
        if (File.Exists(folder))
            return "a file";
        if (!Directory.Exists(folder))
            return "no such folder";
        string[] names = [.. Folders(folder).Select(name => name + "/"), .. Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];
        var rest = names.Length > shown ? $" and {names.Length - shown} more" : "";
        return names.Length == 0 ? "an empty folder" : string.Join(", ", names.Take(shown)) + rest;
    }

    private string? TrainFolder(string folder) => TrainFolders.Select(name => Path.Combine(folder, name)).FirstOrDefault(train => Images(train).Count > 0);

    private ImageItem[] Items(string folder, string imageFolder, string kind)
    {
        var isAnomalous = !NormalNames.Contains(kind);
        var masks = isAnomalous ? Images(Path.Combine(folder, "ground_truth", kind)).ToLookup(path => Path.GetFileNameWithoutExtension(path)!) : null;
        return [.. Images(imageFolder).Select(path => new ImageItem(
            path, Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/'), kind, isAnomalous, masks is null ? null : Mask(masks, path)))];
    }

    private string? Mask(ILookup<string, string> masks, string image) =>
        MaskSuffixes.SelectMany(suffix => masks[Path.GetFileNameWithoutExtension(image) + suffix]).FirstOrDefault();

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');

    private static bool IsImage(string path) => ImageFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
