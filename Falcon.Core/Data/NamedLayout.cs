using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>The layout that somebody describes.</summary>
/// <param name="Names">Where the images lie below the folder of a category.</param>
internal sealed record NamedLayout(FolderNames Names)
    : DataLayout($"folders that {FolderNames.FileName} names", $"{Names.Normal}/IMAGE, as {FolderNames.FileName} says")
{
    /// <inheritdoc/>
    public override bool Fits(string category) => FolderListing.HasImages(Path.Combine(category, Names.Normal));

    /// <inheritdoc/>
    public override Category Read(string dataSet, string category)
    {
        List<MaskFolder> masks = [];
        ImageItem[] test = [.. Normal(Names.NormalTest), .. Anomalous()];
        return new Category(
            dataSet, FolderListing.NameOf(category), category, [.. Normal(Names.Normal)], [.. test.OrderBy(image => image.RelativeName, StringComparer.Ordinal)])
        {
            MaskThreshold = new MaskThreshold(Names.MaskLevel),
            LooseMasks = [.. masks.SelectMany(folder => folder.Unused)],
        };

        IEnumerable<ImageItem> Normal(string? folder) => folder is null ? [] : Items(Path.Combine(category, folder), "good", null);

        IEnumerable<ImageItem> Anomalous()
        {
            if (Names.Abnormal is null)
                return [];
            var folder = Path.Combine(category, Names.Abnormal);
            return FolderListing.Folders(folder).Prepend("").SelectMany(kind =>
            {
                var beside = new MaskFolder(Names.Masks is null ? "" : Path.Combine(category, Names.Masks, kind));
                masks.Add(beside);
                return Items(Path.Combine(folder, kind), kind.Length > 0 ? kind : FolderListing.NameOf(folder), beside);
            });
        }

        IEnumerable<ImageItem> Items(string folder, string kind, MaskFolder? beside) => FolderListing.Images(folder).Select(path =>
            new ImageItem(path, FolderListing.Relative(category, path), kind, beside is not null, beside?.Of(path)));
    }
}
