namespace Falcon;

/// <summary>Fills folders that are complete or not there, also when the process is killed at any moment.</summary>
public static class AtomicFolder
{
    /// <summary>Fills a hidden folder beside, which takes the name at the end or leaves no trace. What killed processes have left of such is removed first. Where another process is
    /// faster, its folder stays.</summary>
    /// <param name="folder">The folder to make: missing, or empty.</param>
    /// <param name="fill">Told where to write.</param>
    /// <exception cref="IOException">A file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be written.</exception>
    public static void Write(string folder, Action<string> fill)
    {
        var whole = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        var (above, name) = (Path.GetDirectoryName(whole)!, $".{Path.GetFileName(whole)}.");
        foreach (var left in DeadProcess.Leftovers(above, name, "-*.partial").Where(Directory.Exists))
            Directory.Delete(left, recursive: true);
        var partial = Path.Combine(above, $"{name}{Environment.ProcessId}-{Guid.NewGuid():N}.partial");
        try
        {
            fill(partial);
            if (Directory.Exists(whole) && IsEmpty(whole))
                Directory.Delete(whole);
            Directory.Move(partial, whole);
        }
        catch (IOException) when (Directory.Exists(whole) && !IsEmpty(whole))
        {
            // Another process was faster.
        }
        finally
        {
            Remove(partial);
        }
    }

    private static bool IsEmpty(string folder) => !Directory.EnumerateFileSystemEntries(folder).Any();

    private static void Remove(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The next one removes it.
        }
    }
}
