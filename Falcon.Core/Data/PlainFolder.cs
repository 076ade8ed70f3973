namespace Falcon.Data;

/// <summary>Anybody's folder, one category: good images directly in it, or <c>train/good</c> with an optional test part as in MVTec AD.</summary>
public sealed class PlainFolder : IDataSource
{
    private readonly Category _category;

    /// <param name="folder">The folder.</param>
    /// <exception cref="InvalidInputException">It holds neither images nor <c>train/good</c>.</exception>
    public PlainFolder(string folder)
    {
        Folder = folder;
        var name = Path.GetFileName(Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar));
        if (ImageFolder.Training(folder) is not null)
            _category = CategoryFolder.Read(Name, folder);
        else if (ImageFolder.Images(folder) is { Count: > 0 } images)
            _category = new(Name, name, folder, [.. images.Select(path => new ImageItem(path, Path.GetFileName(path), "good", IsAnomalous: false))], []);
        else
            throw new InvalidInputException(
                $"no images are here: expected image files or train/good, found {MvtecAd.Found(folder)}", folder, "Give a folder with photos of good parts.");
    }

    /// <inheritdoc/>
    public string Name => "folder";

    /// <inheritdoc/>
    public string Folder { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => [_category.Name];

    /// <inheritdoc/>
    public Category Open(string category) => category == _category.Name
        ? _category
        : throw new InvalidInputException($"there is no category '{category}'", Folder, $"This folder is one category, '{_category.Name}'.");
}
