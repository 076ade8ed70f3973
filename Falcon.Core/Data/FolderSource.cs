namespace Falcon.Data;

/// <summary>A data set in a folder that holds a folder for each category, all in one layout.</summary>
internal sealed class FolderSource(string name, string folder, DataLayout layout, IReadOnlyList<string> categories, KnownDataSet? published = null)
    : DataSource(name, categories)
{
    public override KnownDataSet? Published => published;

    public override string Folder => folder;

    public override string Layout => layout.Name;

    public override Category Read(string category)
    {
        var read = layout.Read(Name, Path.Combine(folder, category));
        var left = CategoryLeftovers.Of(read);
        string[] images = [.. left.Images.Where(image => !layout.LeavesAside(FolderListing.Relative(read.Folder, image)))];
        Finding[] unread = images.Length == 0 ? [] :
            [new($"{images.Length} image{(images.Length == 1 ? "" : "s")} not read: {CategoryLeftovers.Counted(read.Folder, images)}", read.Folder, "Leave them if they are not meant to be; otherwise see docs/data.md for where they belong.")];
        return read with { Remarks = [.. read.Remarks, .. unread, .. left.Others], Faults = left.Faults };
    }
}
