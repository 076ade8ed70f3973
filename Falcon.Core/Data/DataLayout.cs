namespace Falcon.Data;

/// <summary>How the images of a category lie in folders: the contract that a reader fulfils. One in another assembly that has a public constructor without
/// parameters is found by <see cref="DataFolder.Detect"/>, wherever a folder is named.</summary>
/// <param name="name">What it is, in a few words.</param>
/// <param name="expected">What a category looks like, for messages.</param>
public abstract class DataLayout(string name, string expected)
{
    /// <summary>What it is, in a few words.</summary>
    public string Name { get; } = name;

    /// <summary>What a category looks like, for messages.</summary>
    public string Expected { get; } = expected;

    /// <summary>Whether a folder is a category in this layout: it has training images.</summary>
    /// <param name="category">The folder.</param>
    public abstract bool Fits(string category);

    /// <summary>Lists the images of a folder that fits.</summary>
    /// <param name="dataSet">The data set's name.</param>
    /// <param name="category">The folder.</param>
    /// <exception cref="InvalidInputException">What says which image is for what is missing or wrong.</exception>
    public abstract Category Read(string dataSet, string category);

    /// <summary>Whether images that <see cref="Read"/> does not list are left aside on purpose; otherwise a check counts them. A layout knows what belongs to it.</summary>
    /// <param name="image">The path of one below the folder of its category, with forward slashes.</param>
    public virtual bool LeavesAside(string image) => true;

    /// <summary>The names of the folders in a folder that fit, ordinally sorted.</summary>
    /// <param name="folder">The folder of a data set.</param>
    public IReadOnlyList<string> Categories(string folder) =>
        [.. FolderListing.Folders(folder).Where(name => Fits(Path.Combine(folder, name)))];
}
