using System.Security.Cryptography;

namespace Falcon.Server.Home;

/// <summary>A file that is being received, under a name of the server's own. It goes unless it is kept.</summary>
internal sealed class Upload : IDisposable
{
    private Upload(string path, string sha256, long bytes) => (FilePath, Sha256, Bytes) = (path, sha256, bytes);

    /// <summary>Where it is.</summary>
    public string FilePath { get; }

    /// <summary>The digest of its content: 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>Its length.</summary>
    public long Bytes { get; }

    /// <summary>Receives a stream to its end; the content is on the disk when this returns.</summary>
    /// <param name="source">The stream.</param>
    /// <param name="home">Where to.</param>
    /// <param name="cancellation">Stops; nothing is left.</param>
    public static async Task<Upload> Receive(Stream source, ServerHome home, CancellationToken cancellation)
    {
        var path = Path.Combine(home.Uploads, Identifier.New());
        try
        {
            // Somebody may have tidied up.
            Directory.CreateDirectory(home.Uploads);
            using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var length = 0L;
            await using (var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1))
            {
                var buffer = new byte[1 << 17];
                while (await source.ReadAsync(buffer, cancellation) is > 0 and var read)
                {
                    digest.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancellation);
                    length += read;
                }
                file.Flush(flushToDisk: true);
            }
            return new(path, Convert.ToHexStringLower(digest.GetHashAndReset()), length);
        }
        catch
        {
            Remove(path);
            throw;
        }
    }

    /// <summary>Gives it its place in one step.</summary>
    public void Keep(string target)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Move(FilePath, target, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose() => Remove(FilePath);

    private static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // So is the file.
        }
    }
}
