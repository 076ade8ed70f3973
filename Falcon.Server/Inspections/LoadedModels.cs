using Falcon.Detection;
using Falcon.Server.Parts;
using Falcon.Server.Safety;
using Falcon.Training;
using TorchSharp;

namespace Falcon.Server.Inspections;

/// <summary>The models in memory: those that were used last. One that has to go stays until whoever uses it has done.</summary>
internal sealed class LoadedModels : IDisposable
{
    private readonly ServerOptions _options;
    private readonly PartStore _parts;
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private long _uses;

    /// <param name="options">The server's.</param>
    /// <param name="parts">Where the model files are.</param>
    public LoadedModels(ServerOptions options, PartStore parts) => (_options, _parts) = (options, parts);

    /// <summary>The present model of a part, loaded now if need be. The receiver disposes the use.</summary>
    /// <exception cref="ProblemException">It has none.</exception>
    public Use Rent(Part part)
    {
        var version = part.Current ?? throw NoModel(part);
        Entry entry;
        List<Entry> gone;
        lock (_gate)
        {
            if (_entries.Find(loaded => loaded.Part == part.Id && loaded.Version == version) is { } found)
                entry = found;
            else
                _entries.Add(entry = new(part.Id, version, new(() => Load(part, version))));
            entry.Users++;
            entry.LastUse = ++_uses;
            gone = Evict();
        }
        gone.ForEach(old => old.Dispose());
        try
        {
            return new(this, entry, entry.Detector.Value);
        }
        catch
        {
            Return(entry, broken: true);
            throw;
        }
    }

    /// <summary>Why a part cannot inspect.</summary>
    public static ProblemException NoModel(Part part) =>
        ProblemException.Conflict("has no model yet", $"part {part.Name}", "Train one: POST /api/parts/{id}/trainings.");

    /// <summary>Drops what is loaded of a part, as its users have done; it is loaded again when it is needed.</summary>
    /// <param name="part">The part.</param>
    /// <param name="except">A version that stays; null for none.</param>
    public void Forget(string part, int? except = null)
    {
        List<Entry> gone = [];
        lock (_gate)
            foreach (var entry in _entries.Where(entry => entry.Part == part && entry.Version != except).ToArray())
            {
                _entries.Remove(entry);
                entry.IsGone = true;
                if (entry.Users == 0)
                    gone.Add(entry);
            }
        gone.ForEach(old => old.Dispose());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var part in _entries.Select(entry => entry.Part).Distinct().ToArray())
            Forget(part);
    }

    private Detector Load(Part part, int version)
    {
        // Only now: the server starts without the engine.
        ComputeThreads.Use(_options.Threads);
        return Detector.Load(_parts.PresentModel(part, version), torch.device(_options.Device));
    }

    private List<Entry> Evict()
    {
        List<Entry> gone = [];
        foreach (var old in _entries.Where(entry => entry.Users == 0).OrderBy(entry => entry.LastUse).Take(Math.Max(0, _entries.Count - _options.MostModels)).ToArray())
        {
            _entries.Remove(old);
            gone.Add(old);
        }
        return gone;
    }

    private void Return(Entry entry, bool broken = false)
    {
        bool isLast;
        List<Entry> gone;
        lock (_gate)
        {
            entry.Users--;
            if (broken && _entries.Remove(entry))
                entry.IsGone = true;
            isLast = entry is { IsGone: true, Users: 0 };
            gone = Evict();
        }
        if (isLast)
            entry.Dispose();
        gone.ForEach(old => old.Dispose());
    }

    /// <summary>A model that stays in memory until this is disposed.</summary>
    /// <param name="models">Where it is.</param>
    /// <param name="entry">It.</param>
    /// <param name="detector">The detector.</param>
    internal sealed class Use(LoadedModels models, Entry entry, Detector detector) : IDisposable
    {
        /// <summary>The detector.</summary>
        public Detector Detector => detector;

        /// <summary>The version of the part's model.</summary>
        public int Version => entry.Version;

        /// <inheritdoc/>
        public void Dispose() => models.Return(entry);
    }

    /// <summary>One model.</summary>
    internal sealed class Entry(string part, int version, Lazy<Detector> detector) : IDisposable
    {
        public string Part => part;
        public int Version => version;
        public Lazy<Detector> Detector => detector;
        public int Users;
        public long LastUse;
        public bool IsGone;

        public void Dispose()
        {
            if (detector.IsValueCreated)
                detector.Value.Dispose();
        }
    }
}
