namespace Falcon.Data;

/// <summary>A folder of categories laid out as MVTec AD (Bergmann et al., CVPR 2019), or as any data set of that layout.</summary>
public sealed class MvtecAd : IDataSource
{
    /// <param name="folder">The folder of categories.</param>
    /// <param name="name">The data set's name, for tables.</param>
    /// <exception cref="InvalidInputException">No folder in it holds <c>train/good</c>.</exception>
    public MvtecAd(string folder, string name = "MVTec AD")
    {
        (Folder, Name) = (folder, name);
        Categories = [.. ImageFolder.Folders(folder).Where(category => ImageFolder.Training(Path.Combine(folder, category)) is not null)];
        if (Categories.Count == 0)
            throw new InvalidInputException(
                $"no category is here: expected CATEGORY/train/good, found {Found(folder)}", folder, "Give the folder that holds the categories.");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Folder { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Categories { get; }

    /// <inheritdoc/>
    public Category Open(string category) => Categories.Contains(category)
        ? CategoryFolder.Read(Name, Path.Combine(Folder, category))
        : throw new InvalidInputException("there is no such category", Path.Combine(Folder, category), $"Choose from: {string.Join(", ", Categories)}.");

    /// <summary>What a folder holds, for messages.</summary>
    internal static string Found(string folder)
    {
        const int shown = 8;
        if (!Directory.Exists(folder))
            return "no such folder";
        string[] names = [.. ImageFolder.Folders(folder).Select(f => f + "/"), .. Directory.EnumerateFiles(folder).Select(f => Path.GetFileName(f)!)];
        var rest = names.Length > shown ? $" and {names.Length - shown} more" : "";
        return names.Length == 0 ? "an empty folder" : string.Join(", ", names.Take(shown)) + rest;
    }
}
