using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>What lies in the folder of a category and is not read.</summary>
/// <param name="Images">Image files.</param>
/// <param name="Others">Files that may be images of kinds that are not read, and links that lead back: one finding for each reason.</param>
/// <param name="Faults">Folders that may not be read.</param>
internal sealed record CategoryLeftovers(IReadOnlyList<string> Images, IReadOnlyList<Finding> Others, IReadOnlyList<Finding> Faults)
{
    private const int FoldersShown = 4;

    /// <summary>Looks through the folder of a category.</summary>
    public static CategoryLeftovers Of(Category category)
    {
        var folder = ImageFolder.At(category.Folder);
        ImageItem[] images = [.. category.TrainImages, .. category.ValidationImages, .. category.TestImages];
        var read = images.SelectMany(image => new[] { image.Path, image.RegionPath }.Concat(image.MaskPath is { } mask ? DefectMask.Files(mask) : [])).Concat(category.LooseMasks).Concat(category.MasksOfGood).Concat(category.SecondMasks)
            .OfType<string>().Select(Path.GetFullPath).ToHashSet();
        return new([.. folder.Images.Where(path => !read.Contains(Path.GetFullPath(path)))], folder.Leftovers, folder.Faults);
    }

    /// <summary>How many images lie in which folders, in words.</summary>
    /// <param name="category">The folder from which folders are named.</param>
    /// <param name="images">Paths.</param>
    public static string Counted(string category, IEnumerable<string> images)
    {
        var folders = images.GroupBy(path => FolderListing.Relative(category, FolderListing.Above(path)))
            .Select(folder => $"{folder.Count()} in {(folder.Key == "." ? "the folder itself" : folder.Key)}").ToArray();
        return string.Join(", ", folders.Take(FoldersShown)) + (folders.Length > FoldersShown ? $" and {ImageFolder.Counted(folders.Length - FoldersShown, "further folder")}" : "");
    }
}
