namespace Falcon.Data;

/// <summary>A data set in a folder that holds a folder for each category, all in one layout.</summary>
internal sealed class FolderSource(string name, string folder, DataLayout layout, IReadOnlyList<string> categories, KnownDataSet? published = null)
    : DataSource(name, categories)
{
    public override KnownDataSet? Published => published;

    public override string Folder => folder;

    public override string Layout => layout.Name;

    public override Category Read(string category) => layout.Read(Name, Path.Combine(folder, category));
}
