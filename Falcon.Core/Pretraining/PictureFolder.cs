using Falcon.Imaging;

namespace Falcon.Pretraining;

/// <summary>A folder of pictures to learn from, also in folders below.</summary>
internal static class PictureFolder
{
    /// <summary>Its files in their order. Their headers are read, so that a training does not end at a broken file after hours.</summary>
    /// <exception cref="InvalidInputException">There is no image, or some cannot be read.</exception>
    public static IReadOnlyList<string> Files(string folder)
    {
        var files = ImageFile.In(folder);
        if (files.Count == 0)
            throw new InvalidInputException("there is no image", folder, $"Give a folder of images ({string.Join(", ", ImageFile.Extensions)}).");
        Finding[] findings = [.. files.AsParallel().AsOrdered().SelectMany(Unreadable)];
        return findings.Length == 0 ? files : throw new InvalidInputException(findings);
    }

    private static IEnumerable<Finding> Unreadable(string file)
    {
        try
        {
            ImageFile.ReadShape(file);
            return [];
        }
        catch (InvalidInputException unreadable)
        {
            return unreadable.Findings;
        }
    }
}
