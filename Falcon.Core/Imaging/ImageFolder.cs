namespace Falcon.Imaging;

/// <summary>What a folder and those below it hold of images, and what is not read of them, so that nothing is left out without a word.</summary>
public sealed class ImageFolder
{
    private const int MostNames = 4;

    private static readonly HashSet<string> NoImages = new(StringComparer.OrdinalIgnoreCase)
    {
        ".txt", ".md", ".rst", ".rtf", ".pdf", ".doc", ".docx", ".odt", ".xls", ".xlsx", ".ods", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".xmp", ".yaml", ".yml", ".toml", ".ini", ".cfg",
        ".conf", ".log", ".html", ".htm", ".css", ".js", ".py", ".ipynb", ".sh", ".bat", ".fsx", ".m", ".mat", ".npy", ".npz", ".pkl", ".h5", ".hdf5", ".safetensors", ".pt", ".pth",
        ".ckpt", ".onnx", ".falcon", ".sqlite", ".db", ".zip", ".tar", ".gz", ".tgz", ".xz", ".bz2", ".7z", ".rar", ".md5", ".sha256", ".bib", ".tex", ".lock", ".url", ".lnk",
    };

    private ImageFolder(FolderWalk walk, IReadOnlyList<string> images, IReadOnlyList<Finding> leftovers) =>
        (Files, Images, Leftovers, Faults) = (walk.Files, images, leftovers, walk.Faults);

    /// <summary>All files, in ordinal order of their paths.</summary>
    public IReadOnlyList<string> Files { get; }

    /// <summary>The image files, by their endings, in ordinal order of their paths.</summary>
    public IReadOnlyList<string> Images { get; }

    /// <summary>What is not read though it may be meant to be: one finding for each reason, with the number of files.</summary>
    public IReadOnlyList<Finding> Leftovers { get; }

    /// <summary>Folders that may not be read.</summary>
    public IReadOnlyList<Finding> Faults { get; }

    /// <summary>Looks through a folder.</summary>
    /// <param name="folder">The folder; hidden files, and folders, are left out.</param>
    /// <exception cref="InvalidInputException">There is no such folder.</exception>
    public static ImageFolder At(string folder)
    {
        var walk = new FolderWalk(folder);
        return new(walk, [.. walk.Files.Where(IsImage)], [.. Unread(folder, walk.Files), .. Loops(folder, walk)]);
    }

    /// <summary>Whether a file counts as an image that is to be read: by its ending, in any case of letters. What it holds shows when it is read.</summary>
    public static bool IsImage(string path) => ImageFile.Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>At most one finding about files that are no images which can be read, and may be some: those of unknown kinds. Texts, tables, archives and the like are none.</summary>
    /// <param name="folder">The folder that their names start from.</param>
    /// <param name="files">Files; images among them are passed over.</param>
    internal static IEnumerable<Finding> Unread(string folder, IEnumerable<string> files)
    {
        string[] unread = [.. files.Where(file => !IsImage(file) && MayBeImage(file))];
        if (unread.Length > 0)
            yield return new($"{Counted(unread.Length, "file")} not read: {Named(folder, unread)}", folder, $"Save photos among them as PNG or JPEG, with that ending.");
    }

    /// <summary>At most one finding about links that lead back.</summary>
    internal static IEnumerable<Finding> Loops(string folder, FolderWalk walk)
    {
        if (walk.Loops.Count > 0)
            yield return new($"{Counted(walk.Loops.Count, "link")} not followed, back to a folder above: {Named(folder, walk.Loops)}", folder, "Remove it.");
    }

    /// <summary>The first few paths, below a folder, and the number of the others.</summary>
    internal static string Named(string folder, IReadOnlyList<string> paths) =>
        string.Join(", ", paths.Take(MostNames).Select(path => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/')))
        + (paths.Count > MostNames ? $" and {paths.Count - MostNames} more" : "");

    /// <summary>A number with a noun, and the verb that belongs to it.</summary>
    internal static string Counted(int number, string noun) => $"{number} {noun}{(number == 1 ? "" : "s")}";

    private static bool MayBeImage(string path)
    {
        var ending = Path.GetExtension(path);
        return ending.Length > 1 ? !NoImages.Contains(ending) : ImageSignature.IsPicture(ImageSignature.StartOf(path));
    }
}
