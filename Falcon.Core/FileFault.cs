namespace Falcon;

/// <summary>Turns what the machine refuses about files into findings.</summary>
public static class FileFault
{
    /// <summary>Does something that writes a file.</summary>
    /// <param name="path">The file, for the finding.</param>
    /// <param name="write">What is done.</param>
    /// <exception cref="InvalidInputException">The file cannot be written: full disk, missing rights, a folder of that name.</exception>
    public static void Explain(string path, Action write)
    {
        try
        {
            write();
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

    /// <summary>Writes or replaces a file at once; one that fails in the middle stays as far as it came.</summary>
    /// <inheritdoc cref="Explain" path="/exception"/>
    public static void WriteAllBytes(string path, byte[] content) => Explain(path, () => File.WriteAllBytes(path, content));
}
