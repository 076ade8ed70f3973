using System.Collections.Concurrent;
using Falcon.Server.Home;
using Falcon.Server.Safety;

namespace Falcon.Server.Parts;

/// <summary>All parts. A change is on the disk before anybody sees it.</summary>
internal sealed class PartStore
{
    /// <summary>More parts are refused.</summary>
    private const int Most = 1000;

    private readonly ServerHome _home;
    private readonly ConcurrentDictionary<string, Entry> _parts = [];

    /// <param name="home">Where they are kept.</param>
    /// <param name="log">Told of parts that cannot be read; they are left alone.</param>
    public PartStore(ServerHome home, Action<string>? log)
    {
        _home = home;
        foreach (var folder in Directory.GetDirectories(home.Parts).Where(folder => Identifier.IsOne(Path.GetFileName(folder))))
            try
            {
                var part = HomeFile.Read<Part>(FileOf(Path.GetFileName(folder)));
                _parts[part.Id] = new(part);
            }
            catch (InvalidInputException error)
            {
                log?.Invoke($"a part is left out: {error.Message}");
            }
    }

    /// <summary>All of them, the oldest first.</summary>
    public IReadOnlyList<Part> All => [.. _parts.Values.Select(entry => entry.Part).OrderBy(part => part.Created).ThenBy(part => part.Id, StringComparer.Ordinal)];

    /// <summary>A part.</summary>
    /// <exception cref="ProblemException">There is no such part.</exception>
    public Part Get(string id) => EntryOf(id).Part;

    /// <summary>Whether there is such a part.</summary>
    public Part? Find(string id) => _parts.TryGetValue(id, out var entry) ? entry.Part : null;

    /// <summary>A new part.</summary>
    public Part Create(string name)
    {
        if (_parts.Count >= Most)
            throw ProblemException.Conflict($"there are {Most} parts already", "parts", "Delete one that is not needed any more.");
        var part = new Part(Identifier.New(), CheckedName(name), DateTimeOffset.UtcNow, [], []);
        HomeFile.Write(FileOf(part.Id), part);
        _parts[part.Id] = new(part);
        return part;
    }

    /// <summary>Changes a part in one step; others wait.</summary>
    /// <param name="id">The part.</param>
    /// <param name="change">From what it is to what it shall be; the same value changes nothing.</param>
    public Part Change(string id, Func<Part, Part> change)
    {
        var entry = EntryOf(id);
        lock (entry)
        {
            if (entry.IsGone)
                throw NoPart(id);
            var changed = change(entry.Part);
            if (!ReferenceEquals(changed, entry.Part))
            {
                HomeFile.Write(FileOf(id), changed);
                entry.Part = changed;
            }
            return changed;
        }
    }

    /// <summary>Removes a part with everything that belongs to it.</summary>
    public void Delete(string id)
    {
        var entry = EntryOf(id);
        lock (entry)
        {
            // Without its record the rest of the folder is swept away later, if not now. Somebody may have removed the folder by hand.
            var folder = Path.Combine(_home.Parts, id);
            if (Directory.Exists(folder))
                File.Delete(FileOf(id));
            entry.IsGone = true;
            _parts.TryRemove(id, out _);
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Where a photo's file is.</summary>
    public string PhotoFile(Part part, string photo) => Path.Combine(_home.Parts, part.Id, "photos", photo);

    /// <summary>Where a photo's file is, to read it.</summary>
    /// <exception cref="ProblemException">Somebody has removed it by hand.</exception>
    public string PresentPhoto(Part part, PartPhoto photo) => PhotoFile(part, photo.Id) is var file && File.Exists(file)
        ? file
        : throw ProblemException.NotFound("the photo's file is gone from the server's folder", $"photo {photo.Name}", "Add the photo again, or take it away.");

    /// <summary>Where a model's file is, to read it.</summary>
    /// <exception cref="ProblemException">Somebody has removed it by hand.</exception>
    public string PresentModel(Part part, int version) => ModelFile(part, version) is var file && File.Exists(file)
        ? file
        : throw ProblemException.NotFound("the model's file is gone from the server's folder", $"part {part.Name}, version {version}", "Put it back, go to another version, or train again.");

    /// <summary>Where a model's file is.</summary>
    public string ModelFile(Part part, int version) => ModelFile(part.Id, version);

    /// <summary>Where a model's file is.</summary>
    public string ModelFile(string part, int version) => Path.Combine(_home.Parts, part, "models", $"{version}.falcon");

    /// <summary>Removes files of photos and models that nothing refers to.</summary>
    /// <param name="id">The part.</param>
    /// <param name="needed">Photos that jobs still need.</param>
    public void Sweep(string id, Func<IEnumerable<string>> needed)
    {
        var entry = EntryOf(id);
        lock (entry)
        {
            var part = entry.Part;
            HashSet<string> photos = [.. needed(), .. part.Photos.Select(photo => photo.Id), .. part.Models.SelectMany(model => model.Photos.Concat(model.Taught.Select(photo => photo.Id)))];
            HashSet<string> models = [.. part.Models.Select(model => $"{model.Version}.falcon")];
            Remove(Path.Combine(_home.Parts, id, "photos"), photos);
            Remove(Path.Combine(_home.Parts, id, "models"), models);
        }

        static void Remove(string folder, HashSet<string> kept)
        {
            if (!Directory.Exists(folder))
                return;
            foreach (var file in Directory.GetFiles(folder).Where(file => !kept.Contains(Path.GetFileName(file))))
                File.Delete(file);
        }
    }

    /// <summary>A name as people see it: one line of reasonable length.</summary>
    /// <exception cref="ProblemException">It is none.</exception>
    public static string CheckedName(string? name)
    {
        const int longest = 200;
        return name?.Trim() is { Length: > 0 and <= longest } text && !text.Any(char.IsControl)
            ? text
            : throw ProblemException.Invalid("is no name", "name", $"Give one line of 1 to {longest} characters.");
    }

    private string FileOf(string id) => Path.Combine(_home.Parts, id, "part.json");

    private Entry EntryOf(string id) => _parts.TryGetValue(id, out var entry) ? entry : throw NoPart(id);

    private static ProblemException NoPart(string id) => ProblemException.NotFound("there is no such part", $"part {id}", "GET /api/parts lists the parts.");

    private sealed class Entry(Part part)
    {
        public volatile Part Part = part;
        public bool IsGone;
    }
}
