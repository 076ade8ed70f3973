using System.Diagnostics;

namespace Falcon.Server.Home;

/// <summary>The folder that holds everything of a server, in plain files (docs/server.md). One server at a time has it.</summary>
internal sealed class ServerHome : IDisposable
{
    // A full disk still takes empty files.
    private const int BytesOfCheck = 4096;

    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(1);

    private readonly FileStream _lock;
    private long? _written;

    private ServerHome(string folder, FileStream held) => (Folder, _lock) = (folder, held);

    /// <summary>The folder itself.</summary>
    public string Folder { get; }

    /// <summary>A folder for each part: <c>part.json</c>, <c>photos/DIGEST</c>, <c>models/VERSION.falcon</c>.</summary>
    public string Parts => Path.Combine(Folder, "parts");

    /// <summary>A folder for each job.</summary>
    public string Jobs => Path.Combine(Folder, "jobs");

    /// <summary>A folder for each inspection that is remembered.</summary>
    public string Inspections => Path.Combine(Folder, "inspections");

    /// <summary>What is being received; nothing in it has been acknowledged.</summary>
    public string Uploads => Path.Combine(Folder, "uploads");

    /// <summary>Takes the folder, and removes what a killed server has left half done.</summary>
    /// <exception cref="InvalidInputException">Another server has it, or it cannot be written.</exception>
    public static ServerHome Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        try
        {
            Directory.CreateDirectory(folder);
            var home = new ServerHome(folder, Hold(Path.Combine(folder, "lock"), folder));
            foreach (var part in new[] { home.Parts, home.Jobs, home.Inspections, home.Uploads })
                Directory.CreateDirectory(part);
            home.Sweep();
            return home;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new InvalidInputException($"cannot be used ({error.Message})", $"--home {folder}", "Name a folder that you may write to.");
        }
    }

    /// <summary>Holds a file that nobody else can hold until its process ends.</summary>
    /// <exception cref="InvalidInputException">Somebody else holds it.</exception>
    public static FileStream Hold(string file, string folder)
    {
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new InvalidInputException("another process works here", folder, "Stop it first, or name another folder with --home.");
        }
    }

    /// <summary>Writes something, unless that was done within the last second: anybody may ask.</summary>
    /// <exception cref="InvalidInputException">Nothing can be written.</exception>
    public void CheckWritable()
    {
        lock (_lock)
        {
            if (_written is { } last && Stopwatch.GetElapsedTime(last) < BetweenChecks)
                return;
            AtomicFile.Write(Path.Combine(Folder, "ready"), stream => stream.Write(new byte[BytesOfCheck]));
            _written = Stopwatch.GetTimestamp();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private void Sweep()
    {
        foreach (var file in Directory.GetFiles(Uploads).Concat(Directory.GetFiles(Folder, "*.tmp", SearchOption.AllDirectories)))
            File.Delete(file);
        var halves = Directory.GetDirectories(Inspections, "*.tmp")
            .Concat(Directory.GetDirectories(Parts).Where(part => !File.Exists(Path.Combine(part, "part.json"))))
            .Concat(Directory.GetDirectories(Jobs).Where(job => !File.Exists(Path.Combine(job, "job.json"))));
        foreach (var half in halves.ToArray())
            Directory.Delete(half, recursive: true);
    }
}
