using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>What lies in a folder. Names come in ordinal order, hidden ones are left out, and a folder that is not there holds nothing.</summary>
internal static class FolderListing
{
    /// <summary>A folder's own name, also for <c>.</c> and for paths that end in a slash.</summary>
    public static string NameOf(string folder) => Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));

    /// <summary>The folder above a folder.</summary>
    public static string Above(string folder) => Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))) ?? folder;

    /// <summary>The image files directly in a folder.</summary>
    public static IReadOnlyList<string> Images(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateFiles(folder).Where(path => !IsHidden(path) && IsImage(path)).Order(StringComparer.Ordinal)];

    /// <summary>Whether image files lie directly in a folder.</summary>
    public static bool HasImages(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any(path => !IsHidden(path) && IsImage(path));

    /// <summary>The names of the folders in a folder.</summary>
    public static IReadOnlyList<string> Folders(string folder) => !Directory.Exists(folder) ? [] :
        [.. Directory.EnumerateDirectories(folder).Where(path => !IsHidden(path)).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <summary>What to do about a folder that is not there.</summary>
    public static string Missing(string folder) => folder.StartsWith('~')
        ? "'~' is not expanded here: write the whole path."
        : Path.IsPathRooted(folder) ? $"Check the spelling; {Deepest(folder)} is there."
        : $"Check the spelling; paths are relative to {Directory.GetCurrentDirectory()}.";

    private static string Deepest(string folder) => Directory.Exists(Above(folder)) ? Above(folder) : Deepest(Above(folder));

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

    /// <summary>A path below a folder with forward slashes.</summary>
    public static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    private static bool IsHidden(string path) => Path.GetFileName(path).StartsWith('.');

    private static bool IsImage(string path) => ImageFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
