using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>The layout that somebody describes.</summary>
/// <param name="names">Where the images lie below the folder of a category.</param>
internal sealed class NamedLayout(FolderNames names)
    : DataLayout($"folders that {FolderNames.FileName} names", $"{names.Normal}/IMAGE, as {FolderNames.FileName} says")
{
    /// <inheritdoc/>
    public override bool Fits(string category) => FolderListing.HasImages(Path.Combine(category, names.Normal));

    /// <inheritdoc/>
    public override bool LeavesAside(string image) => false;

    /// <inheritdoc/>
    public override Category Read(string dataSet, string category)
    {
        List<MaskFolder> masks = [];
        var regions = new RegionFolder(names.Regions is null ? null : Path.Combine(category, names.Regions));
        ImageItem[] test = [.. Normal(names.NormalTest), .. Anomalous()];
        ImageItem[] train = [.. Normal(names.Normal)];
        if (names.Regions is { } looked && train.Concat(test).All(image => image.RegionPath is null))
            throw new InvalidInputException(
                "holds no mask that belongs to an image", Path.Combine(category, looked), $"Name masks like their images, in the same folders: {looked}/{names.Normal}/s.png.");
        return new Category(
            dataSet, FolderListing.NameOf(category), category, train, test)
        {
            MaskThreshold = new MaskThreshold(names.MaskLevel),
            SecondMasks = [.. masks.SelectMany(folder => folder.Seconds)],
            Remarks = [.. masks.SelectMany(folder => folder.Remarks)],
            LooseMasks = [.. masks.SelectMany(folder => folder.Unused), .. regions.Unused],
        };

        IEnumerable<ImageItem> Normal(string? folder) => folder is null ? [] : Items(Path.Combine(category, folder), "good", null);

        IEnumerable<ImageItem> Anomalous()
        {
            if (names.Abnormal is null)
                return [];
            var folder = Path.Combine(category, names.Abnormal);
            return FolderListing.Folders(folder).Prepend("").SelectMany(kind =>
            {
                var beside = new MaskFolder(names.Masks is null ? "" : Path.Combine(category, names.Masks, kind));
                masks.Add(beside);
                return Items(Path.Combine(folder, kind), kind.Length > 0 ? kind : FolderListing.NameOf(folder), beside);
            });
        }

        IEnumerable<ImageItem> Items(string folder, string kind, MaskFolder? beside) => FolderListing.Images(folder).Select(path =>
            new ImageItem(path, FolderListing.Relative(category, path), kind, beside is not null, beside?.Of(path), regions.Of(FolderListing.Relative(category, path))));
    }
}
