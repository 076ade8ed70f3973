using System.Runtime.InteropServices;
using Falcon.Detection;
using Falcon.Server.Home;
using Falcon.Server.Safety;

namespace Falcon.Server.Inspections;

/// <summary>The last inspections with their images and maps: as many as may be, in number and bytes. Each is a folder that appears in one step; a killed server loses none, only a
/// power cut may take those of the last seconds.</summary>
internal sealed class InspectionHistory
{
    private readonly string _folder;
    private readonly int _most;
    private readonly long _mostBytes;
    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, (string Part, long Bytes)> _known = new(StringComparer.Ordinal);
    private long _bytes;

    /// <param name="home">Where they are kept.</param>
    /// <param name="most">How many.</param>
    /// <param name="mostBytes">How large, all together.</param>
    public InspectionHistory(ServerHome home, int most, long mostBytes)
    {
        (_folder, _most, _mostBytes) = (home.Inspections, most, mostBytes);
        foreach (var folder in new DirectoryInfo(_folder).EnumerateDirectories().Where(folder => Identifier.IsOne(folder.Name)))
        {
            var part = Path.Combine(folder.FullName, PartFile);
            Note(folder.Name, File.Exists(part) ? File.ReadAllText(part) : "", folder.EnumerateFiles().Sum(file => file.Length));
        }
    }

    private const string PartFile = "part", RecordFile = "record.json", ImageFile = "image", MapFile = "map";

    /// <summary>Remembers an inspection.</summary>
    public void Add(StoredInspection inspection, ReadOnlySpan<byte> image, AnomalyMap map)
    {
        var (id, part) = (inspection.Record.Id, inspection.Record.Part);
        var (target, temporary) = (FolderOf(id), $"{FolderOf(id)}.tmp");
        try
        {
            Directory.CreateDirectory(temporary);
            var values = MemoryMarshal.AsBytes(map.Values.AsSpan());
            var record = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(inspection, HomeFile.Json);
            File.WriteAllText(Path.Combine(temporary, PartFile), part);
            File.WriteAllBytes(Path.Combine(temporary, RecordFile), record);
            File.WriteAllBytes(Path.Combine(temporary, ImageFile), image);
            File.WriteAllBytes(Path.Combine(temporary, MapFile), values);
            Directory.Move(temporary, target);
            Note(id, part, image.Length + values.Length + record.Length + part.Length);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            if (Directory.Exists(temporary))
                Directory.Delete(temporary, recursive: true);
            throw DiskFullException.IsReason(error)
                ? new DiskFullException("the disk is full", _folder, "Free some space, or start the server with smaller bounds.")
                : new InvalidInputException($"cannot be written ({error.Message})", _folder, "Make the folder writable.");
        }
    }

    /// <summary>An inspection.</summary>
    /// <exception cref="ProblemException">It is not remembered, or not any more.</exception>
    public StoredInspection Get(string id)
    {
        lock (_gate)
            if (!_known.ContainsKey(id))
                throw Unknown(id);
        return Reading(id, () => HomeFile.Read<StoredInspection>(Path.Combine(FolderOf(id), RecordFile)));
    }

    /// <summary>Its image.</summary>
    public InspectedImage Image(StoredInspection inspection) => new(Bytes(inspection, ImageFile), inspection.Frame, inspection.Record.WhiteLevel);

    /// <summary>Its map.</summary>
    public AnomalyMap Map(StoredInspection inspection) => inspection.Map(Bytes(inspection, MapFile));

    /// <summary>The last ones of a part, the newest first.</summary>
    public IReadOnlyList<InspectionRecord> Last(string part, int count)
    {
        string[] ids;
        lock (_gate)
            ids = [.. _known.Where(known => known.Value.Part == part).Select(known => known.Key).Reverse().Take(count)];
        List<InspectionRecord> found = [];
        foreach (var id in ids)
            try
            {
                found.Add(Get(id).Record);
            }
            catch (ProblemException)
            {
                // Gone meanwhile.
            }
        return found;
    }

    /// <summary>Forgets those of a part.</summary>
    public void Forget(string part)
    {
        string[] ids;
        lock (_gate)
            ids = [.. _known.Where(known => known.Value.Part == part).Select(known => known.Key)];
        foreach (var id in ids)
            Remove(id);
    }

    private string FolderOf(string id) => Path.Combine(_folder, id);

    private byte[] Bytes(StoredInspection inspection, string file) =>
        Reading(inspection.Record.Id, () => File.ReadAllBytes(Path.Combine(FolderOf(inspection.Record.Id), file)));

    private void Note(string id, string part, long bytes)
    {
        List<string> old = [];
        lock (_gate)
        {
            _known[id] = (part, bytes);
            _bytes += bytes;
            var left = _bytes;
            foreach (var (known, (_, size)) in _known)
            {
                if (_known.Count - old.Count <= _most && left <= _mostBytes)
                    break;
                left -= size;
                old.Add(known);
            }
        }
        old.ForEach(Remove);
    }

    private void Remove(string id)
    {
        lock (_gate)
        {
            if (!_known.Remove(id, out var known))
                return;
            _bytes -= known.Bytes;
        }
        try
        {
            Directory.Delete(FolderOf(id), recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Read at this moment, or gone: the next start sees it again.
        }
    }

    private static T Reading<T>(string id, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is IOException or InvalidInputException)
        {
            throw Unknown(id);
        }
    }

    private static ProblemException Unknown(string id) =>
        ProblemException.NotFound("there is no such inspection, or it is remembered no more", $"inspection {id}", "Send the image again; --max-inspections sets how many are remembered.");
}
