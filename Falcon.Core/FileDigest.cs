using System.Security.Cryptography;

namespace Falcon;

/// <summary>What identifies a file's content.</summary>
public static class FileDigest
{
    /// <summary>The SHA-256 of a file's content: 64 lower-case hexadecimal digits.</summary>
    /// <exception cref="InvalidInputException">The file is missing or cannot be read.</exception>
    public static string Sha256(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16, FileOptions.SequentialScan);
            return Convert.ToHexStringLower(SHA256.HashData(stream));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be read ({error.Message})", path, "Check the path and its permissions.");
        }
    }
}
