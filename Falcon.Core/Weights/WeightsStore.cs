namespace Falcon.Weights;

/// <summary>The weight files at hand: Falcon's own, and in the user's folder fetched ones as published (<c>.pth</c>) and imported ones as safetensors.</summary>
public sealed class WeightsStore
{
    private const string FolderVariable = "FALCON_WEIGHTS";
    private const string MirrorVariable = "FALCON_WEIGHTS_URL";
    private const string ImportedExtension = ".safetensors";
    private const string SourceDigestKey = "source.sha256";
    private readonly Uri? _mirror;

    /// <param name="folder">Where the files are; created when something is written.</param>
    /// <param name="mirror">A server that holds the catalogue's files under their own names; null for the catalogue's addresses.</param>
    public WeightsStore(string folder, Uri? mirror = null)
    {
        Folder = folder;
        _mirror = mirror;
    }

    /// <summary>Where the files are.</summary>
    public string Folder { get; }

    /// <summary>The folder <c>FALCON_WEIGHTS</c>, else <c>falcon/weights</c> in the user's data folder (<c>XDG_DATA_HOME</c>, else
    /// <c>~/.local/share</c>); the mirror <c>FALCON_WEIGHTS_URL</c> if that is set.</summary>
    /// <exception cref="InvalidInputException">The mirror is not an address.</exception>
    public static WeightsStore OfUser()
    {
        var folder = Variable(FolderVariable) ?? Path.Combine(
            Variable("XDG_DATA_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share"),
            "falcon",
            "weights");
        return new WeightsStore(folder, Variable(MirrorVariable) is { } mirror ? Address(mirror) : null);
    }

    /// <summary>Every known weight file, fetched or not, then the imported ones by name.</summary>
    public IReadOnlyList<StoredWeights> List()
    {
        var known = WeightsCatalog.All.Select(entry => new StoredWeights(entry.Name, Existing(PathOf(entry)), entry));
        var imported = Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*" + ImportedExtension) : [];
        return [.. known, .. imported.Order(StringComparer.Ordinal).Select(path => new StoredWeights(Path.GetFileNameWithoutExtension(path), path, null))];
    }

    /// <summary>The file of a fetched or imported name; null when it is not there.</summary>
    public string? Find(string name) => List().FirstOrDefault(stored => stored.Name == name && stored.FilePath is not null)?.FilePath;

    /// <summary>Downloads a weight file of the catalogue, continuing an interrupted download, and verifies its SHA-256.</summary>
    /// <returns>Its path. A file that is there with the right digest is not downloaded again.</returns>
    /// <exception cref="InvalidInputException">The name is unknown, the server cannot be reached or refuses, or the content is not what it should be.</exception>
    public Task<string> Fetch(string name, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default) =>
        Fetch(WeightsCatalog.Find(name), progress, cancellation);

    /// <summary>Downloads a weight file, known or of the caller's own making; otherwise as the overload by name.</summary>
    public async Task<string> Fetch(KnownWeights known, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var target = PathOf(known);
        if (!File.Exists(target) || FileDigest.Sha256(target) != known.Sha256)
            await new WeightsDownload(_mirror is null ? known.Url : new Uri(_mirror, known.FileName), known, target, progress, cancellation).Run();
        return target;
    }

    /// <summary>Takes over a weight file that the user has. One whose content is in the catalogue is kept as it is, as if it had been fetched; any other is read
    /// completely and kept as safetensors with the name and SHA-256 of its source as metadata.</summary>
    /// <param name="path">A safetensors or PyTorch file.</param>
    /// <returns>The stored file.</returns>
    /// <exception cref="InvalidInputException">The file is no weight file or broken, or another one of its name was imported; nothing is stored.</exception>
    public StoredWeights Import(string path)
    {
        var digest = FileDigest.Sha256(path);
        using var file = WeightFile.Open(path);
        if (WeightsCatalog.All.FirstOrDefault(entry => entry.Sha256 == digest) is { } known)
        {
            var copy = PathOf(known);
            AtomicFile.Write(copy, stream =>
            {
                using var source = File.OpenRead(path);
                source.CopyTo(stream);
            });
            return new StoredWeights(known.Name, copy, known);
        }
        var name = Path.GetFileNameWithoutExtension(path);
        var target = Path.Combine(Folder, name + ImportedExtension);
        var metadata = new Dictionary<string, string> { ["source"] = Path.GetFileName(path), [SourceDigestKey] = digest };
        if (File.Exists(target) && SourceDigest(target) != digest)
            throw new InvalidInputException("has the name of another imported file", path, $"Rename it, or delete {target}.");
        SafetensorsWriter.Write(target, [.. file.Names.Select(file.Read)], metadata);
        return new StoredWeights(name, target, null);
    }

    private static string? SourceDigest(string imported)
    {
        using var file = SafetensorsFile.Open(imported);
        return file.Metadata.GetValueOrDefault(SourceDigestKey);
    }

    private string PathOf(KnownWeights known) => Path.Combine(known.IsShipped ? Shipped : Folder, known.FileName);

    private static string Shipped => Path.Combine(
        typeof(WeightsStore).Assembly.Location is { Length: > 0 } file ? Path.GetDirectoryName(file)! : AppContext.BaseDirectory, "teachers");

    private static string? Existing(string path) => File.Exists(path) ? path : null;

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static Uri Address(string mirror) => Uri.TryCreate(mirror.TrimEnd('/') + "/", UriKind.Absolute, out var address)
        ? address
        : throw new InvalidInputException($"'{mirror}' is not an address", MirrorVariable, "Give an http:// or https:// address of a folder.");
}

/// <summary>A weight file in the user's folder, or one that could be fetched into it.</summary>
/// <param name="Name">The name to ask for.</param>
/// <param name="FilePath">Where it is; null when it has not been fetched.</param>
/// <param name="Known">Its entry in the catalogue; null for an imported file.</param>
public sealed record StoredWeights(string Name, string? FilePath, KnownWeights? Known);
