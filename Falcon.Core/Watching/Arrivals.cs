using System.Collections.Concurrent;
using Falcon.Data;
using Falcon.Imaging;

namespace Falcon.Watching;

/// <summary>The files of a folder and of those below it, each when it is there and has rested: size and time have stayed the same for <see cref="Rest"/>. The file system tells of changes; where it does
/// not, as on some networks, or tells too many at once, looking around finds them.</summary>
internal sealed class Arrivals : IDisposable
{
    /// <summary>How long a file must have stayed the same.</summary>
    public static readonly TimeSpan Rest = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan LookAround = TimeSpan.FromSeconds(1);

    // Looking around takes at most this share of the time, however many files there are.
    private const int MostOften = 20;

    private readonly string _folder;
    private readonly Func<string, bool> _isWanted;
    private readonly FileSystemWatcher? _watcher;
    private readonly ConcurrentQueue<(string Path, bool IsNew)> _told = new();
    private readonly SemaphoreSlim _somethingTold = new(0);
    private readonly Dictionary<string, FileState> _given = [];
    private readonly Dictionary<string, Resting> _resting = [];
    private DateTime _nextLook = DateTime.MinValue;

    private readonly record struct Resting(FileState State, DateTime Since);

    /// <summary>Starts to listen; files that are there already arrive first.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="isWanted">Whether a file of this full path is looked at.</param>
    public Arrivals(string folder, Func<string, bool> isWanted)
    {
        (_folder, _isWanted) = (folder, isWanted);
        try
        {
            _watcher = new FileSystemWatcher(folder) { IncludeSubdirectories = true, NotifyFilter = NotifyFilters.FileName | NotifyFilters.LastWrite | NotifyFilters.Size | NotifyFilters.DirectoryName };
            _watcher.Created += (_, change) => Tell(change.FullPath, isNew: true);
            _watcher.Changed += (_, change) => Tell(change.FullPath, isNew: false);
            _watcher.Renamed += (_, change) => Tell(change.FullPath, isNew: true);
            // What it missed is found by looking around.
            _watcher.Error += (_, _) => _nextLook = DateTime.MinValue;
            _watcher.EnableRaisingEvents = true;
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            // The system has no listener left: looking around must do.
            _watcher?.Dispose();
            _watcher = null;
        }
    }

    /// <summary>The next files that have rested; waits until there are some. Of one look they come in the order of their times.</summary>
    /// <exception cref="InvalidInputException">The folder is gone.</exception>
    public IReadOnlyList<ArrivedFile> Next(CancellationToken cancellation)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            while (_told.TryDequeue(out var told))
            {
                // Of what lies in a folder that is new here nobody may have told.
                if (told.IsNew && Directory.Exists(told.Path))
                    _nextLook = DateTime.MinValue;
                See(told.Path);
            }
            if (DateTime.UtcNow >= _nextLook)
                LookAtAll();
            if (Rested() is { Count: > 0 } rested)
                return rested;
            _somethingTold.Wait(_resting.Count > 0 ? Rest / 4 : Until(_nextLook), cancellation);
        }
    }

    /// <summary>A file that could not be read yet: it arrives again soon after it has changed, or else after a while.</summary>
    public void Await(ArrivedFile file, TimeSpan atMost)
    {
        _given.Remove(file.Path);
        _resting[file.Path] = new(file.Stamp, DateTime.UtcNow + atMost - Rest);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _watcher?.Dispose();
        _somethingTold.Dispose();
    }

    private static TimeSpan Until(DateTime time) => time > DateTime.UtcNow ? time - DateTime.UtcNow : TimeSpan.Zero;

    private void Tell(string path, bool isNew)
    {
        _told.Enqueue((path, isNew));
        try
        {
            _somethingTold.Release();
        }
        catch (ObjectDisposedException)
        {
            // A last word after the end.
        }
    }

    private void LookAtAll()
    {
        if (!Directory.Exists(_folder))
            throw new InvalidInputException("the folder is gone", _folder, "Make it again and start again: what has been inspected is remembered.");
        var start = DateTime.UtcNow;
        try
        {
            var there = new HashSet<string>();
            foreach (var path in new FolderWalk(_folder).Files)
            {
                there.Add(path);
                See(path);
            }
            foreach (var path in _given.Keys.Where(path => !there.Contains(path)).ToArray())
                _given.Remove(path);
        }
        catch (IOException)
        {
            // Something changed under the look; the next one comes soon.
        }
        var took = DateTime.UtcNow - start;
        _nextLook = DateTime.UtcNow + (took * MostOften > LookAround ? took * MostOften : LookAround);
    }

    private void See(string path)
    {
        if (!_isWanted(path))
            return;
        if (FileState.Of(path) is not { } state)
            _resting.Remove(path);
        else if (_given.TryGetValue(path, out var given) && given == state)
            _resting.Remove(path);
        else if (!_resting.TryGetValue(path, out var resting) || resting.State != state)
            _resting[path] = new(state, DateTime.UtcNow);
    }

    private List<ArrivedFile> Rested()
    {
        var now = DateTime.UtcNow;
        var rested = new List<ArrivedFile>();
        foreach (var (path, resting) in _resting.ToArray())
        {
            if (now - resting.Since < Rest)
                continue;
            var state = FileState.Of(path);
            if (state == resting.State)
            {
                _resting.Remove(path);
                _given[path] = resting.State;
                rested.Add(new(FolderListing.Relative(_folder, path), path, resting.State));
            }
            else
                See(path);
        }
        rested.Sort((a, b) => a.Stamp.Written != b.Stamp.Written ? a.Stamp.Written.CompareTo(b.Stamp.Written) : string.CompareOrdinal(a.Name, b.Name));
        return rested;
    }
}
