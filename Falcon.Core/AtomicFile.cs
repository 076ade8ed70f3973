namespace Falcon;

/// <summary>Files that are either wholly there or not there: content goes to a temporary name in the same folder, is flushed to the disk, then takes the
/// final name in one step.</summary>
public static class AtomicFile
{
    private const int MostBytes = 255;
    private const string TemporaryEnding = ".tmp";

    private static int _written;

    /// <summary>Writes or replaces a file, of a link what it leads to; missing folders are created, and who may read and write a file that was there may do so again.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="write">Writes the content. When it throws, no trace is left and an older file of that name is untouched.</param>
    /// <exception cref="InvalidInputException">The file cannot be written: full disk, missing rights, a folder, a pipe or a device of that name.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (FileKind.Special(path) is { } kind)
            throw new InvalidInputException($"is {kind}, and no file is put in its place", path, "Give the name of a file.");
        FileFault.Explain(path, () =>
        {
            var full = Target(path);
            var folder = Path.GetDirectoryName(full)!;
            Directory.CreateDirectory(folder);
            WriteAndRename(Path.Combine(folder, $"{Beginning(full)}{Environment.ProcessId}-{Interlocked.Increment(ref _written)}{TemporaryEnding}"), full, write);
        });
    }

    /// <summary>Removes what processes have left that were killed while they wrote the file.</summary>
    /// <param name="path">The final name.</param>
    public static void Sweep(string path)
    {
        try
        {
            var full = Target(path);
            foreach (var left in DeadProcess.Leftovers(Path.GetDirectoryName(full)!, Beginning(full), $"-*{TemporaryEnding}"))
                File.Delete(left);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Nothing depends on it.
        }
    }

    private static string Target(string path) =>
        Path.GetFullPath(new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path);

    // Hidden, so that nobody takes it for a photo; a name that is as long as names may be leaves no room.
    private static string Beginning(string full) => $".{FileName.Shortened(Path.GetFileName(full), MostBytes - 40)}.";

    private static void WriteAndRename(string temporary, string full, Action<Stream> write)
    {
        try
        {
            using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            if (!OperatingSystem.IsWindows() && File.Exists(full))
                File.SetUnixFileMode(temporary, File.GetUnixFileMode(full));
            File.Move(temporary, full, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}
