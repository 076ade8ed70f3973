namespace Falcon;

/// <summary>Files that are either wholly there or not there: content goes to a temporary name in the same folder, is flushed to the disk, then takes the
/// final name in one step.</summary>
public static class AtomicFile
{
    /// <summary>Writes or replaces a file, of a link what it leads to; missing folders are created, and who may read and write a file that was there may do so again.</summary>
    /// <param name="path">The final name.</param>
    /// <param name="write">Writes the content. When it throws, no trace is left and an older file of that name is untouched.</param>
    /// <exception cref="InvalidInputException">The file cannot be written: full disk, missing rights, a folder of that name.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            var full = Path.GetFullPath(new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path);
            var temporary = $"{full}.{Environment.ProcessId}-{Environment.CurrentManagedThreadId}.tmp";
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            WriteAndRename(temporary, full, write);
        }
        catch (Exception error) when (DiskFullException.IsReason(error))
        {
            throw new DiskFullException($"cannot be written: the disk is full ({error.Message})", path, "Free some space, then do the same again.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be written ({error.Message})", path, "Free some space or choose a folder you may write to.");
        }
    }

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
