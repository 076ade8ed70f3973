namespace Falcon.Data;

/// <summary>Finds out what a folder is.</summary>
public static class DataFolder
{
    /// <summary>The data set in a folder: one category with <c>train/good</c>, a folder of such categories, or just images.</summary>
    /// <exception cref="InvalidInputException">It is none of these; the message shows what was expected and what was found.</exception>
    public static IDataSource Detect(string folder)
    {
        if (ImageFolder.Training(folder) is null && ImageFolder.Folders(folder).Any(f => ImageFolder.Training(Path.Combine(folder, f)) is not null))
            return new MvtecAd(folder);
        if (ImageFolder.Training(folder) is not null || ImageFolder.Images(folder).Count > 0)
            return new PlainFolder(folder);
        throw new InvalidInputException(
            $"is no data set: expected train/good, or CATEGORY/train/good, or image files; found {MvtecAd.Found(folder)}", folder,
            "Give the folder of the data set, of one category, or of photos of good parts.");
    }
}
