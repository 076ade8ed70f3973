namespace Falcon.Data;

/// <summary>A folder of categories laid out as MVTec AD (Bergmann et al., CVPR 2019), or as any data set of that layout. Normal images may also lie in <c>ok</c> or
/// <c>normal</c> instead of <c>good</c>, and the test part and the masks may be missing.</summary>
public sealed class MvtecAd : IDataSource
{
    /// <summary>The name of the published data set.</summary>
    public const string PublishedName = "MVTec AD";

    private readonly MaskThreshold _maskThreshold;

    /// <param name="folder">The folder of categories.</param>
    /// <param name="name">The data set's name, for tables.</param>
    /// <param name="maskThreshold">Which mask values mean defect; <see cref="MaskThreshold.Automatic"/> by default.</param>
    /// <exception cref="InvalidInputException">No folder in it holds <c>train/good</c>.</exception>
    public MvtecAd(string folder, string name = PublishedName, MaskThreshold? maskThreshold = null)
    {
        (Folder, Name, _maskThreshold) = (folder, name, maskThreshold ?? MaskThreshold.Automatic);
        Categories = [.. SplitLayout.Folders(folder).Where(category => SplitLayout.Good.Fits(Path.Combine(folder, category)))];
        if (Categories.Count == 0)
            throw new InvalidInputException(
                $"no category is here: expected CATEGORY/train/good, found {SplitLayout.Found(folder)}", folder, "Give the folder that holds the categories.");
    }

    /// <summary>The categories of the published data set.</summary>
    public static IReadOnlyList<string> PublishedCategories { get; } =
    [
        "bottle", "cable", "capsule", "carpet", "grid", "hazelnut", "leather", "metal_nut", "pill", "screw", "tile", "toothbrush", "transistor", "wood", "zipper",
    ];

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string? Licence => Name == PublishedName ? "CC BY-NC-SA 4.0" : null;

    /// <inheritdoc/>
    public string Folder { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Categories { get; }

    /// <inheritdoc/>
    public Category Open(string category) => Categories.Contains(category)
        ? SplitLayout.Good.Read(Name, Path.Combine(Folder, category), _maskThreshold)
        : throw new InvalidInputException("there is no such category", Path.Combine(Folder, category), $"Choose from: {string.Join(", ", Categories)}.");

    /// <summary>The data set of a folder of categories, named after the folder unless all its categories are published ones.</summary>
    internal static MvtecAd Detect(string folder)
    {
        var found = new MvtecAd(folder);
        return found.Categories.All(PublishedCategories.Contains) ? found : new MvtecAd(folder, SplitLayout.NameOf(folder));
    }
}
