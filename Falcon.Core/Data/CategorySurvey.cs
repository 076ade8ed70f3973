using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>What a category holds, by a glance at names and headers, beside what was published about it.</summary>
/// <param name="Category">Its images.</param>
/// <param name="Published">What was published; null when that is not known.</param>
/// <param name="Shapes">The shapes of its images with their numbers, the most frequent first.</param>
/// <param name="Odd">What is not as it is expected to be; it need not be wrong.</param>
public sealed record CategorySurvey(
    Category Category, KnownCategory? Published, IReadOnlyList<(ImageShape Shape, int Images)> Shapes, IReadOnlyList<Finding> Odd)
{
    private const int FoldersShown = 4;

    /// <summary>Looks at a category.</summary>
    /// <param name="source">Its data set.</param>
    /// <param name="name">Its name.</param>
    /// <param name="workers">Threads that read files.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <exception cref="InvalidInputException">It cannot be opened.</exception>
    public static CategorySurvey Of(DataSource source, string name, int workers = 2, CancellationToken cancellation = default)
    {
        var category = source.Open(name);
        var published = source.Published?.Category(name);
        ImageItem[] images = [.. category.TrainImages, .. category.ValidationImages, .. category.TestImages];
        var shapes = images.AsParallel().AsOrdered().WithDegreeOfParallelism(workers).WithCancellation(cancellation)
            .Select(image => Shape(image.Path)).ToArray();
        (ImageShape Shape, int Images)[] counted =
            [.. shapes.OfType<ImageShape>().GroupBy(shape => shape).Select(same => (same.Key, same.Count())).OrderByDescending(shape => shape.Item2)];
        return new(category, published, counted,
        [
            .. images.Zip(shapes).Where(image => image.Second is null)
                .Select(image => new Finding("is missing or no image", image.First.Path, "Fetch the file again.")),
            .. published is null ? [] : Departures(category, published, counted),
            .. Unread(category),
        ]);
    }

    /// <summary>The published categories that a data set lacks.</summary>
    public static IReadOnlyList<string> Missing(DataSource source) =>
        [.. (source.Published?.Categories ?? []).Select(category => category.Name).Except(source.Categories)];

    private static ImageShape? Shape(string path)
    {
        try
        {
            return ImageFile.ReadShape(path);
        }
        catch (ImageFileException)
        {
            return null;
        }
    }

    private static IEnumerable<Finding> Departures(Category category, KnownCategory published, IEnumerable<(ImageShape Shape, int Images)> shapes)
    {
        var anomalous = category.TestImages.Count(image => image.IsAnomalous);
        (string What, int Found, int Published)[] counts =
        [
            ("training", category.TrainImages.Count, published.Train),
            ("validation", category.ValidationImages.Count, published.Validation),
            ("good test", category.TestImages.Count - anomalous, published.TestGood),
            ("anomalous test", anomalous, published.TestAnomalous),
        ];
        foreach (var (what, found, expected) in counts.Where(count => count.Found != count.Published))
            yield return new($"has {found} {what} images, {expected} are published", category.Folder, "Look for files that were lost, added or moved.");
        var other = shapes.Where(shape => (shape.Shape.Width, shape.Shape.Height) != (published.Width ?? shape.Shape.Width, published.Height ?? shape.Shape.Height)).ToArray();
        if (other.Length > 0)
            yield return new(
                $"has images of {string.Join(", ", other.Take(FoldersShown).Select(shape => shape.Shape))}, {published.Width}×{published.Height} is published", category.Folder,
                "Compare figures of other sizes with care.");
        var kinds = category.TestImages.Where(image => image.IsAnomalous).Select(image => image.Defect).Distinct().ToArray();
        if (published.Defects is { } defects && kinds.Except(defects).ToArray() is { Length: > 0 } unknown)
            yield return new($"has the defects {string.Join(", ", unknown)}, which are not published", category.Folder, "Look whether folders were renamed or added.");
    }

    private static IEnumerable<Finding> Unread(Category category)
    {
        var left = CategoryLeftovers.Of(category);
        if (left.Images.Count > 0)
            yield return new($"has images that are not read: {CategoryLeftovers.Counted(category.Folder, left.Images)}", category.Folder, "Leave them, if they are not meant to be.");
        foreach (var other in left.Faults.Concat(left.Others))
            yield return other;
        if (category.LooseMasks.Count > 0)
            yield return new($"has {category.LooseMasks.Count} masks without an image", category.Folder, "See falcon data check.");
    }
}
