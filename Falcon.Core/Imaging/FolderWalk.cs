namespace Falcon.Imaging;

/// <summary>All files of a folder and of those below it: the one walk that every verb takes. Links are followed, but not back to a folder in which the walk is already.</summary>
internal sealed class FolderWalk
{
    private readonly List<string> _files = [], _loops = [];
    private readonly List<Finding> _faults = [];

    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidInputException">There is no such folder.</exception>
    public FolderWalk(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InvalidInputException("there is no such folder", folder, "Give a folder of images.");
        Walk(folder, [RealPath(folder)]);
        _files.Sort(StringComparer.Ordinal);
    }

    /// <summary>The files in ordinal order of their paths.</summary>
    public IReadOnlyList<string> Files => _files;

    /// <summary>Links to folders that hold them.</summary>
    public IReadOnlyList<string> Loops => _loops;

    /// <summary>Folders that may not be read.</summary>
    public IReadOnlyList<Finding> Faults => _faults;

    private void Walk(string folder, List<string> within)
    {
        try
        {
            _files.AddRange(FolderEntries.Files(folder));
            foreach (var below in FolderEntries.Folders(folder))
            {
                var isLink = File.GetAttributes(below).HasFlag(FileAttributes.ReparsePoint);
                var real = isLink ? RealPath(below) : Path.Combine(within[^1], Path.GetFileName(below));
                if (isLink && within.Any(outer => IsSameOrBelow(outer, real)))
                {
                    _loops.Add(below);
                    continue;
                }
                within.Add(real);
                Walk(below, within);
                within.RemoveAt(within.Count - 1);
            }
        }
        catch (InvalidInputException unreadable)
        {
            _faults.AddRange(unreadable.Findings);
        }
    }

    private static bool IsSameOrBelow(string path, string folder) => path == folder || path.StartsWith(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    private static string RealPath(string path)
    {
        var whole = Path.GetFullPath(path);
        var real = Path.GetPathRoot(whole)!;
        foreach (var part in whole[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            real = Path.Combine(real, part);
            if (new DirectoryInfo(real) is { LinkTarget: not null } link && link.ResolveLinkTarget(returnFinalTarget: true) is { } target)
                real = RealPath(target.FullName);
        }
        return real;
    }
}
