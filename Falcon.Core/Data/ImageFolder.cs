using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>Image files below a folder.</summary>
internal static class ImageFolder
{
    /// <summary>Names of folders that hold normal images.</summary>
    public static IReadOnlyList<string> NormalNames { get; } = ["good", "ok", "normal", "Normal"];

    /// <summary>The image files directly in a folder, ordinally sorted by name; none when there is no such folder.</summary>
    public static IReadOnlyList<string> Images(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder).Where(IsImage).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The names of the folders in a folder, ordinally sorted; none when there is no such folder.</summary>
    public static IReadOnlyList<string> Folders(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateDirectories(folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal)]
        : [];

    /// <summary>The folder of normal training images of a category laid out as MVTec AD; null when there is none.</summary>
    public static string? Training(string category) =>
        NormalNames.Select(name => Path.Combine(category, "train", name)).FirstOrDefault(Directory.Exists);

    private static bool IsImage(string path) => ImageFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);
}
