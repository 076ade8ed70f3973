namespace Falcon.Data;

/// <summary>A data set in a folder; <see cref="DataFolder.Detect"/> finds out which. Opening one only lists files; what is wrong with them is
/// <see cref="DataCheck"/>'s to find.</summary>
public sealed class DataSource
{
    private readonly DataLayout _layout;

    internal DataSource(string name, string folder, DataLayout layout, IReadOnlyList<string> categories, KnownDataSet? published = null) =>
        (Name, Folder, _layout, Categories, Published) = (name, folder, layout, categories, published);

    /// <summary>The data set's name, for tables: the published one, or that of its folder.</summary>
    public string Name { get; }

    /// <summary>What was published about it; null when it is nobody's known data set.</summary>
    public KnownDataSet? Published { get; }

    /// <summary>The folder that holds the folders of the categories.</summary>
    public string Folder { get; }

    /// <summary>How its images lie, in a few words.</summary>
    public string Layout => _layout.Name;

    /// <summary>The categories that are there, ordinally sorted.</summary>
    public IReadOnlyList<string> Categories { get; }

    /// <summary>The images of a category.</summary>
    /// <exception cref="InvalidInputException">There is no such category, and the message names those that are there; or what says which image is for what is
    /// missing or wrong.</exception>
    public Category Open(string category) => Categories.Contains(category)
        ? _layout.Read(Name, Path.Combine(Folder, category))
        : throw new InvalidInputException("there is no such category", Path.Combine(Folder, category), $"Choose from: {string.Join(", ", Categories)}.");
}
