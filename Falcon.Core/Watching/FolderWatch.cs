using System.Globalization;
using System.Security.Cryptography;
using Falcon.Detection;
using Falcon.Imaging;

namespace Falcon.Watching;

/// <summary>Inspects every photo that arrives in a folder or in those below it, once, within a tenth of a second after it has been written to its end. What has been said stands in a journal
/// (<c>inspections.jsonl</c>, a <see cref="WatchRecord"/> on each line), by the names and contents of the files: after a crash the watch goes on where it was, nothing is inspected twice, and
/// nothing that arrived in between is missed.</summary>
public sealed class FolderWatch : IDisposable
{
    /// <summary>The journal's name in the folder of results.</summary>
    public const string Journal = "inspections.jsonl";

    private const string OverlayFolder = "overlays";
    private const int Digits = 6;

    private readonly Detector _detector;
    private readonly string _folder;
    private readonly string _results;
    private readonly WatchJournal _journal;
    private readonly Arrivals _arrivals;
    private readonly List<JournalFollower> _followers = [];
    private readonly Dictionary<string, (FileState State, DateTime Since)> _unreadable = [];
    private readonly Action<string> _warn;

    /// <summary>Opens the journal, and starts to listen.</summary>
    /// <param name="detector">The detector; it stays the caller's.</param>
    /// <param name="folder">The folder of photos; it may be the one of the results, or hold it.</param>
    /// <param name="results">The folder of journal and overlays; it is made where there is none.</param>
    /// <param name="outputs">Where records go besides: they are opened when no other watch can write the journal, and become the watch's. Their names differ.</param>
    /// <param name="warn">Told of what goes wrong with them; null for nobody.</param>
    /// <exception cref="InvalidInputException">There is no such folder, or another watch writes the journal.</exception>
    public FolderWatch(Detector detector, string folder, string results, IEnumerable<Func<IWatchOutput>>? outputs = null, Action<string>? warn = null)
    {
        if (!Directory.Exists(folder))
            throw new InvalidInputException("there is no such folder", folder, "Give the folder that the photos arrive in.");
        (_detector, _folder, _results, _warn) = (detector, Path.GetFullPath(folder), Path.GetFullPath(results), warn ?? (_ => { }));
        RefuseForeignOverlays();
        _journal = new WatchJournal(Path.Combine(_results, Journal));
        try
        {
            foreach (var open in outputs ?? [])
                _followers.Add(new JournalFollower(_journal.Path, _journal.Last, open(), _warn));
            _arrivals = new Arrivals(_folder, IsPhoto);
        }
        catch
        {
            _followers.ForEach(follower => follower.Dispose());
            _journal.Dispose();
            throw;
        }
    }

    /// <summary>What counts as a region; null for the detector's own search, where it has one.</summary>
    public RegionSearch? Search { get; init; }

    /// <summary>Of which photos overlays are drawn, into <c>overlays/NUMBER.png</c>, after their records are out.</summary>
    public WatchOverlays Overlays { get; init; } = WatchOverlays.Anomalous;

    /// <summary>Tells, by its whole path, a file that is none of the photos though it looks like one: what something else has written into the folder. Null for no such file. What a watch has drawn
    /// is left out in any case.</summary>
    public Func<string, bool>? LeavesOut { get; init; }

    /// <summary>How long a file that cannot be read may stay as it is before it is given up until it changes: whoever writes it may pause.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How many records its journal holds.</summary>
    public long Inspected => _journal.Last;

    /// <summary>Whether a file is an overlay of a watch, this one or another: it has such a name, and the journal is beside its folder.</summary>
    /// <param name="path">The whole path.</param>
    public static bool IsOverlay(string path) =>
        HasNameOfOverlay(path) && File.Exists(Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(path)!)!, Journal));

    /// <summary>Notes the photos that are there as dealt with, without looking at them.</summary>
    /// <returns>How many there were.</returns>
    public int SkipPresent(CancellationToken cancellation = default)
    {
        var count = 0;
        foreach (var path in ImageFile.In(_folder).Where(IsPhoto))
        {
            cancellation.ThrowIfCancellationRequested();
            if (FileState.Of(path) is not { } state || new ArrivedFile(Data.FolderListing.Relative(_folder, path), path, state) is var file && _journal.Knows(file))
                continue;
            Append(file, FileDigest.Sha256(path), null, WatchRecord.Skipped);
            count++;
        }
        return count;
    }

    /// <summary>Inspects what arrives, and gives each record once it is on the disk; ends with the cancellation alone.</summary>
    /// <exception cref="OperationCanceledException">It has been cancelled.</exception>
    /// <exception cref="InvalidInputException">The folder is gone, or the journal's disk is full.</exception>
    public IEnumerable<WatchRecord> Run(CancellationToken cancellation)
    {
        _followers.ForEach(follower => follower.Look());
        while (true)
        {
            foreach (var file in _arrivals.Next(cancellation))
            {
                cancellation.ThrowIfCancellationRequested();
                if (Inspect(file) is { } record)
                    yield return record;
            }
        }
    }

    /// <summary>Delivers what outputs have not got yet, but does not wait long for one that is away.</summary>
    /// <returns>The names of outputs that have not got everything; they get the rest after the next start.</returns>
    public IReadOnlyList<string> Flush(TimeSpan patience) => [.. _followers.Where(follower => !follower.End(patience)).Select(follower => follower.Name)];

    /// <inheritdoc/>
    public void Dispose()
    {
        _arrivals.Dispose();
        _followers.ForEach(follower => follower.Dispose());
        _journal.Dispose();
    }

    private bool IsPhoto(string path) =>
        ImageFolder.IsImage(path)
        && !Path.GetRelativePath(_folder, path).Split(Path.DirectorySeparatorChar).Any(part => FolderEntries.IsHidden(part))
        && !IsOverlay(path)
        && LeavesOut?.Invoke(path) != true;

    private static bool HasNameOfOverlay(string path) =>
        Path.GetFileName(Path.GetDirectoryName(path)) == OverlayFolder
        && Path.GetExtension(path) == ".png"
        && Path.GetFileNameWithoutExtension(path) is { Length: >= Digits } name && name.All(char.IsAsciiDigit);

    /// <summary>Where no journal says that a watch has drawn them, pictures of such names are somebody else's, and overlays would replace them.</summary>
    private void RefuseForeignOverlays()
    {
        var (folder, journal) = (Path.Combine(_results, OverlayFolder), new FileInfo(Path.Combine(_results, Journal)));
        if (!(journal.Exists && journal.Length > 0) && Directory.Exists(folder) && Directory.EnumerateFiles(folder).Where(HasNameOfOverlay).Order(StringComparer.Ordinal).FirstOrDefault() is { } first)
            throw new InvalidInputException("is there, and is of no watch: it would be lost", first, "Choose another folder with --out, or move it away.");
    }

    private WatchRecord? Inspect(ArrivedFile file)
    {
        if (_journal.Knows(file))
            return null;
        byte[] bytes;
        RasterImage image;
        string digest;
        try
        {
            bytes = File.ReadAllBytes(file.Path);
            digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
            if (_journal.Knows(file.Name, digest))
                return null;
            image = _detector.Card.Method.Preprocessing.Decode(bytes, file.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidInputException)
        {
            return Unreadable(file, error);
        }
        // Whoever writes has gone on in between.
        if (FileState.Of(file.Path) != file.Stamp)
        {
            _arrivals.Await(file, TimeSpan.Zero);
            return null;
        }
        _unreadable.Remove(file.Path);
        Prediction prediction;
        IReadOnlyList<AnomalousRegion>? regions;
        try
        {
            prediction = _detector.Predict(image.Pixels, PixelOrder.Rgb, image.Width, image.Height, 3 * image.Width, file.Name);
            regions = Search is not null || _detector.Card.PixelThreshold is not null ? _detector.Regions(prediction, Search) : null;
        }
        catch (InvalidInputException error)
        {
            return Append(file, digest, null, error.Findings[0].What);
        }
        var isDrawn = Overlays == WatchOverlays.All || Overlays == WatchOverlays.Anomalous && prediction.Score > _detector.Threshold;
        var overlay = isDrawn ? $"{OverlayFolder}/{(_journal.Last + 1).ToString($"D{Digits}", CultureInfo.InvariantCulture)}.png" : null;
        var record = Append(file, digest, PredictionRecord.Of(prediction, _detector.Threshold, regions, overlay: overlay), null);
        if (overlay is not null)
            Draw(image, prediction, regions, Path.Combine(_results, overlay));
        return record;
    }

    /// <summary>Waits for the rest of a file, and gives it up when it has stayed as it is for long.</summary>
    private WatchRecord? Unreadable(ArrivedFile file, Exception error)
    {
        if (FileState.Of(file.Path) is not { } state)
        {
            _unreadable.Remove(file.Path);
            return null;
        }
        var isKnown = _unreadable.TryGetValue(file.Path, out var first) && first.State == state;
        if (!isKnown || DateTime.UtcNow - first.Since < Patience)
        {
            if (!isKnown)
                _unreadable[file.Path] = (state, DateTime.UtcNow);
            _arrivals.Await(file, Patience / 10);
            return null;
        }
        _unreadable.Remove(file.Path);
        string digest;
        try
        {
            digest = FileDigest.Sha256(file.Path);
        }
        catch (InvalidInputException)
        {
            digest = "";
        }
        return Append(file, digest, null, error is InvalidInputException input ? input.Findings[0].What : error.Message);
    }

    private WatchRecord Append(ArrivedFile file, string digest, PredictionRecord? prediction, string? fault)
    {
        var record = new WatchRecord(
            _journal.Last + 1, file.Name, digest, file.Stamp.Bytes, file.Stamp.Written, DateTime.UtcNow, _detector.Threshold, prediction, fault);
        _journal.Append(record);
        _followers.ForEach(follower => follower.Look());
        return record;
    }

    private void Draw(RasterImage image, Prediction prediction, IReadOnlyList<AnomalousRegion>? regions, string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            ImageFile.WritePng(path, PredictionOverlay.Draw(image, prediction.Map, _detector.Threshold, (regions ?? []).SelectMany(region => region.Outline)));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidInputException)
        {
            _warn($"{path} is not drawn ({error.Message})");
        }
    }
}
