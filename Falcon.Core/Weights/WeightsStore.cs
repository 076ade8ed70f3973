namespace Falcon.Weights;

/// <summary>The weight files at hand: Falcon's own, and in the user's folder fetched ones as published (<c>.pth</c>) and imported ones as safetensors.</summary>
public sealed class WeightsStore
{
    private const string FolderVariable = "FALCON_WEIGHTS";
    private const string MirrorVariable = "FALCON_WEIGHTS_URL";
    private const string ImportedExtension = ".safetensors";
    private const string SourceDigestKey = "source.sha256";
    private readonly Uri? _mirror;
    private readonly RestoredPackages _packages;

    /// <param name="folder">Where the files are; created when something is written.</param>
    /// <param name="mirror">A server that holds the catalogue's files under their own names; null for the catalogue's addresses.</param>
    /// <param name="packages">NuGet's folder of restored packages; null for this machine's.</param>
    public WeightsStore(string folder, Uri? mirror = null, string? packages = null)
    {
        Folder = folder;
        _mirror = mirror;
        _packages = packages is null ? RestoredPackages.OfMachine() : new RestoredPackages([packages]);
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
    public IReadOnlyList<StoredWeights> List() => [.. Stored(_ => true)];

    /// <summary>The file of a name that is at hand: shipped, fetched, imported, or made now of a restored package; null when there is none.</summary>
    /// <exception cref="InvalidInputException">The package holds something else, or the file cannot be written.</exception>
    public string? Find(string name) =>
        Stored(stored => stored == name).FirstOrDefault(stored => stored.FilePath is not null)?.FilePath
        ?? WeightsCatalog.All.Where(known => known.Name == name && IsRestored(known)).Select(Unpack).FirstOrDefault();

    /// <summary>Whether <see cref="Find"/> would give a file for an entry of <see cref="List"/>. Nothing is made.</summary>
    public bool IsAtHand(StoredWeights stored) => stored.FilePath is not null || (stored.Known is { } known && IsRestored(known));

    /// <summary>What teaches where nobody names a teacher: the first of <see cref="WeightsCatalog.Usual"/> that is at hand.</summary>
    /// <param name="backbones">The architectures that will do.</param>
    /// <returns>Null where none of theirs will.</returns>
    public KnownWeights? Usual(IReadOnlyList<string> backbones) =>
        WeightsCatalog.Usual.FirstOrDefault(known => backbones.Contains(known.Backbone) && (IsRestored(known) || IsThere(known)));

    /// <summary>Downloads a weight file, continuing an interrupted download, or makes it of a restored package, and verifies its SHA-256.</summary>
    /// <param name="known">The file: one of <see cref="WeightsCatalog"/>, or of the caller's own making.</param>
    /// <param name="progress">Told how much has come.</param>
    /// <param name="cancellation">Stops the download; what has come is kept.</param>
    /// <returns>Its path. A file that is there with the right digest is not fetched again.</returns>
    /// <exception cref="InvalidInputException">The server cannot be reached or refuses, the package has not been restored, or the content is
    /// not what it should be.</exception>
    public async Task<string> Fetch(KnownWeights known, IProgress<DownloadProgress>? progress = null, CancellationToken cancellation = default)
    {
        var target = PathOf(known);
        if (IsCurrent(known))
            return target;
        if (known.Origin == WeightsOrigin.Package)
            return Unpack(known);
        await new WeightsDownload(_mirror is null ? known.Url : new Uri(_mirror, known.FileName), known, target, progress, cancellation).Run();
        return target;
    }

    /// <summary>Takes over a weight file that the user has. One whose content is in the catalogue is kept as it is, as if it had been fetched; any other is read
    /// completely and kept as safetensors with the name and SHA-256 of its source as metadata.</summary>
    /// <remarks>The catalogue's names are for its files alone: those that an earlier version made or brought are refused.</remarks>
    /// <param name="path">A safetensors or PyTorch file.</param>
    /// <returns>The stored file.</returns>
    /// <exception cref="InvalidInputException">The file is no weight file or broken, has a name of the catalogue, or another one of its name was imported; nothing is stored.</exception>
    public StoredWeights Import(string path)
    {
        var digest = FileDigest.Sha256(path);
        using var file = WeightFile.Open(path);
        if (WeightsCatalog.All.FirstOrDefault(entry => entry.Sha256 == digest) is { } known)
        {
            var copy = PathOf(known);
            if (!IsCurrent(known))
                AtomicFile.Write(copy, stream =>
                {
                    using var source = File.OpenRead(path);
                    source.CopyTo(stream);
                });
            return new StoredWeights(known.Name, copy, known);
        }
        var name = Path.GetFileNameWithoutExtension(path);
        if (WeightsCatalog.All.Any(entry => entry.Name == name))
            throw new InvalidInputException("has the name of a known weight file and another content", path, "Rename it: an earlier Falcon may have made it.");
        var target = Path.Combine(Folder, name + ImportedExtension);
        if (File.Exists(target) && SourceDigest(target) != digest)
            throw new InvalidInputException("has the name of another imported file", path, $"Rename it, or delete {target}.");
        SafetensorsWriter.Write(target, [.. file.Names.Select(file.Read)], Metadata(path, digest));
        return new StoredWeights(name, target, null);
    }

    /// <summary>What a converted file says of its source.</summary>
    internal static Dictionary<string, string> Metadata(string source, string digest) =>
        new() { ["source"] = Path.GetFileName(source), [SourceDigestKey] = digest };

    /// <summary>The entries of <see cref="List"/> whose names are wanted; no other file is looked at.</summary>
    private IEnumerable<StoredWeights> Stored(Func<string, bool> isWanted)
    {
        var known = WeightsCatalog.All.Where(entry => isWanted(entry.Name)).Select(entry => new StoredWeights(entry.Name, IsThere(entry) ? PathOf(entry) : null, entry));
        var imported = Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*" + ImportedExtension).Except(WeightsCatalog.All.Select(PathOf)) : [];
        return known.Concat(imported.Order(StringComparer.Ordinal).Select(path => new StoredWeights(Path.GetFileNameWithoutExtension(path), path, null)).Where(stored => isWanted(stored.Name)));
    }

    /// <summary>Whether a file is there; an earlier Falcon may have made another one of the same package.</summary>
    private bool IsThere(KnownWeights known) => known.Origin == WeightsOrigin.Package ? IsCurrent(known) : File.Exists(PathOf(known));

    private bool IsCurrent(KnownWeights known) => File.Exists(PathOf(known)) && FileDigest.Sha256(PathOf(known)) == known.Sha256;

    private bool IsRestored(KnownWeights known) => known.Origin == WeightsOrigin.Package && _packages.Find(known.Url) is not null;

    private string Unpack(KnownWeights known)
    {
        var target = PathOf(known);
        SafetensorsWriter.Write(target, MlNetResNet18.Read(_packages.Require(known.Url)), Metadata(MlNetResNet18.NetworkFile, MlNetResNet18.NetworkDigest));
        return target;
    }

    private static string? SourceDigest(string imported)
    {
        using var file = SafetensorsFile.Open(imported);
        return file.Metadata.GetValueOrDefault(SourceDigestKey);
    }

    private string PathOf(KnownWeights known) => Path.Combine(known.Origin == WeightsOrigin.Shipped ? Shipped : Folder, known.FileName);

    private static string Shipped => Path.Combine(
        typeof(WeightsStore).Assembly.Location is { Length: > 0 } file ? Path.GetDirectoryName(file)! : AppContext.BaseDirectory, "teachers");

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
