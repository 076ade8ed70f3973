using System.Buffers;
using System.Security.Cryptography;

namespace Falcon;

/// <summary>What identifies a file's content.</summary>
public static class FileDigest
{
    // Data sets have thousands of files: a buffer for each would be most of what is allocated.
    private const int BufferSize = 1 << 17;

    /// <summary>The SHA-256 of a file's content: 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="InvalidInputException">The file is missing or cannot be read.</exception>
    public static string Sha256(string path)
    {
        FileKind.ThrowIfSpecial(path);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, FileOptions.SequentialScan);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long read = 0;
            for (int count; (count = RandomAccess.Read(file, buffer, read)) > 0; read += count)
                hash.AppendData(buffer, 0, count);
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be read ({error.Message})", path, "Check the path and its permissions.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
