using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>One image file of a category.</summary>
/// <param name="Path">Where the file is; empty of a frame that is in memory alone.</param>
/// <param name="RelativeName">Its path below the category's folder with forward slashes: unique within the category, and the same on every machine.</param>
/// <param name="Defect">The kind of defect, named by the data set; the normal images' kind for those.</param>
/// <param name="IsAnomalous">Whether the image shows a defect.</param>
/// <param name="MaskPath">The mask of the defect, or a folder of several, which are joined (<see cref="DefectMask"/>); null for normal images and where there is none.</param>
/// <param name="RegionPath">A mask of its own of what is looked at (<see cref="Protocol.RegionOfInterest"/>); null where there is none.</param>
public sealed record ImageItem(
    string Path, string RelativeName, string Defect, bool IsAnomalous, string? MaskPath = null, string? RegionPath = null)
{
    /// <summary>The photos of a folder and of those below it, in ordinal order, of which nothing else is known.</summary>
    /// <exception cref="InvalidInputException">There is no such folder.</exception>
    public static IReadOnlyList<ImageItem> In(string folder) =>
        [.. ImageFile.In(folder).Select(file => new ImageItem(file, FolderListing.Relative(folder, file), "unknown", IsAnomalous: false))];

    /// <summary>The same images with masks of what is looked at, as the field <c>regions</c> of <see cref="FolderNames"/> has them.</summary>
    /// <param name="images">Their masks lie in the folder by their relative names.</param>
    /// <param name="regions">The folder of masks.</param>
    /// <exception cref="InvalidInputException">There is no such folder, or an image has no mask in it.</exception>
    public static IReadOnlyList<ImageItem> LookedAt(IReadOnlyList<ImageItem> images, string regions)
    {
        var folder = new RegionFolder(regions, images.All(image => !image.RelativeName.Contains('/')) ? [.. images.Select(image => image.RelativeName)] : null);
        ImageItem[] looked = [.. images.Select(image => image with { RegionPath = folder.Of(image.RelativeName) })];
        return looked.FirstOrDefault(image => image.RegionPath is null) is { } bare
            ? throw new InvalidInputException(
                $"has no mask for {bare.RelativeName}", regions, "Name masks like their images, in the same folders, or put one for all into the folder itself.")
            : looked;
    }
}
