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
    public static IReadOnlyList<string> Images(string folder) => [.. Readable(folder, FolderEntries.Files).Where(ImageFolder.IsImage)];

    /// <summary>Whether image files lie directly in a folder.</summary>
    public static bool HasImages(string folder) => Images(folder).Count > 0;

    /// <summary>The names of the folders in a folder.</summary>
    public static IReadOnlyList<string> Folders(string folder) => [.. Readable(folder, FolderEntries.Folders).Select(path => Path.GetFileName(path)!)];

    /// <summary>The folder of a name in a folder, in any case of letters where there is none in this one.</summary>
    /// <param name="folder">The folder above.</param>
    /// <param name="name">A name, or several with slashes between.</param>
    public static string Find(string folder, string name) => name.Split('/').Aggregate(folder, (above, part) => Directory.Exists(Path.Combine(above, part))
        ? Path.Combine(above, part)
        : Path.Combine(above, Folders(above).FirstOrDefault(found => found.Equals(part, StringComparison.OrdinalIgnoreCase), part)));

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
        if (Fault(folder) is { } fault)
            return fault;
        string[] names = [.. Folders(folder).Select(name => name + "/"), .. FolderEntries.Files(folder).Select(path => Path.GetFileName(path)!)];
        var rest = names.Length > shown ? $" and {names.Length - shown} more" : "";
        return names.Length == 0 ? "an empty folder" : string.Join(", ", names.Take(shown)) + rest;
    }

    /// <summary>A path below a folder with forward slashes.</summary>
    public static string Relative(string folder, string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');

    // What may not be read is told by those who look through the whole folder (Category.Faults).
    private static IReadOnlyList<string> Readable(string folder, Func<string, IReadOnlyList<string>> entries)
    {
        try
        {
            return entries(folder);
        }
        catch (InvalidInputException)
        {
            return [];
        }
    }

    private static string? Fault(string folder)
    {
        try
        {
            FolderEntries.Files(folder);
            return null;
        }
        catch (InvalidInputException)
        {
            return "a folder that may not be read";
        }
    }
}
