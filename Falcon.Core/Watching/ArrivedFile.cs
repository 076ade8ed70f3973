namespace Falcon.Watching;

/// <summary>A file that has been written to its end.</summary>
/// <param name="Name">Its path below the watched folder, with forward slashes.</param>
/// <param name="Path">Where it is.</param>
/// <param name="Stamp">Size and time, by which it was found complete.</param>
public sealed record ArrivedFile(string Name, string Path, FileState Stamp);

/// <summary>What tells that a file has not changed since.</summary>
/// <param name="Bytes">Its size; of a link that of the file that it leads to.</param>
/// <param name="Written">When it was written to.</param>
public readonly record struct FileState(long Bytes, DateTime Written)
{
    /// <summary>The present state of a file; null where there is none that can be looked at: a pipe would be waited for without an end.</summary>
    public static FileState? Of(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (file.LinkTarget is not null && file.ResolveLinkTarget(returnFinalTarget: true) is FileInfo target)
                file = target;
            return file.Exists && FileKind.Special(file.FullName) is null ? new(file.Length, file.LastWriteTimeUtc) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
