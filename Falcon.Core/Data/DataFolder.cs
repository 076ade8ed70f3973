using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>Finds out what a folder is.</summary>
public static class DataFolder
{
    /// <summary>The data set in a folder: several categories or one, in any of the layouts that Falcon reads (<c>docs/data.md</c>), or just photos of good parts. It
    /// is known by its published name if its categories, and most kinds of defect, are published ones, and else by the name of the folder that holds them.</summary>
    /// <exception cref="InvalidInputException">It is none of these; the message shows what was expected and what was found.</exception>
    public static DataSource Detect(string folder)
    {
        if (!Directory.Exists(folder) && !File.Exists(folder))
            throw new InvalidInputException("there is no such folder", folder, FolderListing.Missing(folder));
        if (Described(folder) is { } described)
            return described;
        // Those of other assemblies first: they know better what is theirs.
        DataLayout[] layouts = [.. Extensions.Of<DataLayout>(), SplitLayout.MvtecAd2, SplitLayout.Mvtec, SplitLayout.Mvtec3d, VisaLayout.Archive];
        return One(folder, layouts) ?? Several(folder, layouts) ?? One(folder, [SplitLayout.Photos]) ?? throw Unknown(folder, layouts);
    }

    // What may not be read may be what was looked for.
    private static InvalidInputException Unknown(string folder, IEnumerable<DataLayout> layouts) => Directory.Exists(folder) && new FolderWalk(folder).Faults is { Count: > 0 } faults
        ? new(faults)
        : new(
            $"is no data set: expected one category or a folder of categories, each with {string.Join(", or with ", layouts.Select(layout => layout.Expected))}; "
            + $"or image files of good parts; found {FolderListing.Found(folder)}",
            folder,
            $"Give the folder of the data set, of one category, or of photos of good parts, or say in {FolderNames.FileName} where the images are.");

    private static DataSource? Described(string folder)
    {
        if (FolderNames.Of(folder) is { } names)
            return One(folder, [new NamedLayout(names)]) ?? Folders(folder, new NamedLayout(names)) ?? throw new InvalidInputException(
                $"there are no normal images: expected {names.Normal}/IMAGE here or in a category's folder, found {FolderListing.Found(folder)}", folder,
                $"Mend {FolderNames.FileName}, or add images.");
        return FolderNames.Of(FolderListing.Above(folder)) is { } above ? One(folder, [new NamedLayout(above)]) : null;
    }

    private static DataSource? One(string folder, IEnumerable<DataLayout> layouts)
    {
        if (layouts.FirstOrDefault(layout => layout.Fits(folder)) is not { } fitting)
            return null;
        var above = FolderListing.Above(folder);
        return new FolderSource(FolderListing.NameOf(above), above, fitting, [FolderListing.NameOf(folder)]);
    }

    private static DataSource? Several(string folder, DataLayout[] layouts) => DataCatalog.All.SelectMany(known => known.Below).Prepend("").Distinct()
        .SelectMany(below => layouts.Select(layout => Folders(Path.Combine(folder, below), layout))).FirstOrDefault(found => found is not null);

    private static DataSource? Folders(string folder, DataLayout layout)
    {
        var categories = layout.Categories(folder);
        if (categories.Count == 0)
            return null;
        var published = DataCatalog.All.FirstOrDefault(known => known.Matches(folder, categories));
        return new FolderSource(published?.Name ?? FolderListing.NameOf(folder), folder, layout, categories, published);
    }
}
