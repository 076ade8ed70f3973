namespace Falcon.Data;

/// <summary>Anybody's folder, one category: good images directly in it or in <c>train</c>, or <c>train/good</c> with an optional test part as in MVTec AD.</summary>
public sealed class PlainFolder : IDataSource
{
    private static readonly SplitLayout Layout = SplitLayout.Good with { TrainFolders = [.. SplitLayout.Good.TrainFolders, ""] };

    private readonly Category _category;

    /// <param name="folder">The folder.</param>
    /// <param name="maskThreshold">Which mask values mean defect; <see cref="MaskThreshold.Automatic"/> by default.</param>
    /// <exception cref="InvalidInputException">It holds neither images nor <c>train/good</c>.</exception>
    public PlainFolder(string folder, MaskThreshold? maskThreshold = null)
    {
        Folder = folder;
        _category = Layout.Fits(folder)
            ? Layout.Read(Name, folder, maskThreshold ?? MaskThreshold.Automatic)
            : throw new InvalidInputException(
                $"no images are here: expected image files or train/good, found {SplitLayout.Found(folder)}", folder, "Give a folder with photos of good parts.");
    }

    /// <inheritdoc/>
    public string Name => "folder";

    /// <inheritdoc/>
    public string? Licence => null;

    /// <inheritdoc/>
    public string Folder { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Categories => [_category.Name];

    /// <inheritdoc/>
    public Category Open(string category) => category == _category.Name
        ? _category
        : throw new InvalidInputException($"there is no category '{category}'", Folder, $"This folder is one category, '{_category.Name}'.");
}
