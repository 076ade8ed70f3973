namespace Falcon.Data;

/// <summary>A published data set, as published.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="Source">Who published it.</param>
/// <param name="Licence">The licence of its images.</param>
/// <param name="TrainFolders">Where training images lie below a category's folder: one for each form in which the data set goes around.</param>
/// <param name="Below">Folders of its archives that may lie between the folder that is named and the categories.</param>
/// <param name="Categories">Its categories, ordinally sorted.</param>
public sealed record KnownDataSet(
    string Name,
    string Source,
    string Licence,
    IReadOnlyList<string> TrainFolders,
    IReadOnlyList<string> Below,
    IReadOnlyList<KnownCategory> Categories)
{
    /// <summary>What was published about a category; null when there is none of this name.</summary>
    public KnownCategory? Category(string name) => Categories.FirstOrDefault(category => category.Name == name);

    /// <summary>Whether a folder of categories can be this data set: all of them have published names, training images where they belong, and no more kinds of defect that
    /// are not published than that are. Where kinds have not been published, names decide.</summary>
    internal bool Matches(string folder, IEnumerable<string> categories) => categories.All(name => Category(name) is { } known
        && TrainFolders.Any(train => Directory.Exists(Path.Combine(folder, name, train))) && Resembles(known, Path.Combine(folder, name, "test")));

    /// <summary>Other people's parts have the names of published ones, too: tiles, screws.</summary>
    private static bool Resembles(KnownCategory known, string tests)
    {
        if (known.Defects is null || !Directory.Exists(tests))
            return true;
        string[] kinds = [.. FolderListing.Folders(tests).Where(kind => !NormalKind.Is(kind))];
        return 2 * kinds.Count(kind => known.Defects.Contains(kind, StringComparer.OrdinalIgnoreCase)) >= kinds.Length;
    }
}
