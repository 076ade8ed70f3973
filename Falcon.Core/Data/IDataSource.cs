namespace Falcon.Data;

/// <summary>A data set in a folder. Opening one only lists files; what is wrong with them is <see cref="DataCheck"/>'s to find.</summary>
public interface IDataSource
{
    /// <summary>The data set's name, for tables.</summary>
    string Name { get; }

    /// <summary>The licence of the images, where it is known.</summary>
    string? Licence { get; }

    /// <summary>The folder it was opened at.</summary>
    string Folder { get; }

    /// <summary>The categories that are there, ordinally sorted.</summary>
    IReadOnlyList<string> Categories { get; }

    /// <summary>The images of a category.</summary>
    /// <exception cref="InvalidInputException">There is no such category; the message names those that are there.</exception>
    Category Open(string category);
}
