namespace Falcon.Data;

/// <summary>A data set. <see cref="DataFolder.Detect"/> finds out which one a folder holds; derive from this class to read any other, for example from a list. Opening
/// a category only lists files; what is wrong with them is <see cref="DataCheck"/>'s to find.</summary>
/// <param name="name">The data set's name, for tables.</param>
/// <param name="categories">The names of its categories.</param>
/// <example>F#, a category whose images a CSV file lists: <code>
/// { new DataSource("parts", [ "cap" ]) with
///     override _.Read category = Category("parts", category, "photos", train, test) }
/// </code></example>
public abstract class DataSource(string name, IReadOnlyList<string> categories)
{
    /// <summary>The data set's name, for tables: the published one, or that of its folder.</summary>
    public string Name { get; } = name;

    /// <summary>The categories that are there, ordinally sorted.</summary>
    public IReadOnlyList<string> Categories { get; } = categories;

    /// <summary>What was published about it; null when it is nobody's known data set.</summary>
    public virtual KnownDataSet? Published => null;

    /// <summary>The folder that holds the folders of the categories; empty where there is none.</summary>
    public virtual string Folder => "";

    /// <summary>How its images lie, in a few words.</summary>
    public virtual string Layout => "a reader of its own";

    /// <summary>The images of a category.</summary>
    /// <param name="category">Its name, however its letters are composed; of two that differ in that alone each by its own.</param>
    /// <exception cref="InvalidInputException">There is no such category, and the message names those that are there; or what says which image is for what is
    /// missing or wrong.</exception>
    public Category Open(string category)
    {
        if (FileName.Find(Categories, category) is not { } name)
            throw new InvalidInputException("there is no such category", Path.Combine(Folder, category), $"Choose from: {string.Join(", ", Categories)}.");
        var read = Read(name);
        ImageItem[] images = [.. read.TrainImages, .. read.TestImages];
        if (images.GroupBy(image => image.RelativeName).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new InvalidInputException($"lists {twice.Key} {twice.Count()} times", $"{Name} {name}", "An image is for training or for testing, and stands in one list once.");
        if (images.FirstOrDefault(image => !IsBelow(read.Folder, image)) is { } elsewhere)
            throw new InvalidInputException(
                $"lists {elsewhere.Path} under the name {elsewhere.RelativeName}", $"{Name} {name}", $"Name it by its path below {read.Folder}, with forward slashes.");
        return read with { TrainImages = Sorted(read.TrainImages), TestImages = Sorted(read.TestImages) };
    }

    /// <summary>Lists the images of a category that there is, in any order, each named by its path below the category's folder.</summary>
    /// <param name="category">One of <see cref="Categories"/>.</param>
    /// <exception cref="InvalidInputException">What says which image is for what is missing or wrong.</exception>
    public abstract Category Read(string category);

    private static bool IsBelow(string folder, ImageItem image) => Path.GetFullPath(Path.Combine(folder, image.RelativeName)) == Path.GetFullPath(image.Path);

    private static ImageItem[] Sorted(IReadOnlyList<ImageItem> images) => [.. images.OrderBy(image => image.RelativeName, StringComparer.Ordinal)];
}
