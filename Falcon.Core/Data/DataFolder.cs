namespace Falcon.Data;

/// <summary>Finds out what a folder is.</summary>
public static class DataFolder
{
    /// <summary>The data set in a folder: one category with <c>train/good</c>, a folder of such categories, or just images.</summary>
    /// <exception cref="InvalidInputException">It is none of these; the message shows what was expected and what was found.</exception>
    public static IDataSource Detect(string folder)
    {
        if (SplitLayout.Good.Fits(folder) || SplitLayout.Images(folder).Count > 0)
            return new PlainFolder(folder);
        if (SplitLayout.Folders(folder) is var names && names.Any(name => SplitLayout.Good.Fits(Path.Combine(folder, name))))
            return MvtecAd.Detect(folder);
        throw new InvalidInputException(
            $"is no data set: expected train/good, or CATEGORY/train/good, or image files; found {SplitLayout.Found(folder)}", folder,
            "Give the folder of the data set, of one category, or of photos of good parts.");
    }
}
