using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>One image file of a category.</summary>
/// <param name="Path">Where the file is; empty of a frame that is in memory alone.</param>
/// <param name="RelativeName">Its path below the category's folder with forward slashes: unique within the category, and the same on every machine.</param>
/// <param name="Defect">The kind of defect, named by the data set; the normal images' kind for those.</param>
/// <param name="IsAnomalous">Whether the image shows a defect.</param>
/// <param name="MaskPath">The mask of the defect; null for normal images and where there is none.</param>
/// <param name="RegionPath">A mask of its own of what is looked at (<see cref="Protocol.RegionOfInterest"/>); null where there is none.</param>
public sealed record ImageItem(
    string Path, string RelativeName, string Defect, bool IsAnomalous, string? MaskPath = null, string? RegionPath = null)
{
    /// <summary>The photos of a folder and of those below it, in ordinal order, of which nothing else is known.</summary>
    /// <exception cref="InvalidInputException">There is no such folder.</exception>
    public static IReadOnlyList<ImageItem> In(string folder) =>
        [.. ImageFile.In(folder).Select(file => new ImageItem(file, FolderListing.Relative(folder, file), "unknown", IsAnomalous: false))];
}
