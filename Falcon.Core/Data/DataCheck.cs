using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>Looks at all files of a category before work starts and reports everything at once.</summary>
public static class DataCheck
{
    /// <param name="category">The category.</param>
    /// <param name="shots">The largest number of training images wanted.</param>
    /// <param name="workers">Threads that read files.</param>
    /// <param name="cancellation">Stops between files.</param>
    public static DataReport Find(Category category, int shots, int workers = 2, CancellationToken cancellation = default)
    {
        ImageItem[] images = [.. category.TrainImages, .. category.TestImages];
        var withMasks = images.Any(i => i.MaskPath is not null);
        var looked = images.AsParallel().AsOrdered().WithDegreeOfParallelism(workers).WithCancellation(cancellation)
            .Select(image => Look(image, withMasks)).ToArray();
        return new([.. Count(category, shots), .. looked.SelectMany(l => l.Errors)], [.. looked.SelectMany(l => l.Warnings), .. Duplicates(images, looked)]);
    }

    private static IEnumerable<Finding> Count(Category category, int shots)
    {
        if (category.TrainImages.Count < shots)
            yield return new(
                $"category {category.Name} has {category.TrainImages.Count} training images, fewer than {shots} shots", category.Folder,
                "Ask for fewer shots or add images.");
    }

    private static FileLook Look(ImageItem image, bool withMasks)
    {
        List<Finding> errors = [], warnings = [];
        string? digest = null;
        try
        {
            var (width, height, _) = ImageFile.ReadSize(image.Path);
            digest = FileDigest.Sha256(image.Path);
            if (image.MaskPath is not null)
                LookAtMask(image.MaskPath, width, height, errors, warnings);
            else if (withMasks && image.IsAnomalous)
                errors.Add(new("has no mask, though other images have", image.Path, "Add the mask below ground_truth, or remove all masks for image metrics only."));
        }
        catch (InvalidInputException error)
        {
            errors.AddRange(error.Findings);
        }
        return new(errors, warnings, digest);
    }

    private static void LookAtMask(string path, int width, int height, List<Finding> errors, List<Finding> warnings)
    {
        var mask = DefectMask.Read(path);
        if ((mask.Width, mask.Height) != (width, height))
            errors.Add(new($"is {mask.Width}×{mask.Height}, its image {width}×{height}", path, "Give the mask the size of its image."));
        else if (mask.Pixels.All(p => p == 0))
            warnings.Add(new("is empty, though its image counts as defective", path, "Check the mask; pixel metrics count this image as normal."));
    }

    private static IEnumerable<Finding> Duplicates(ImageItem[] images, FileLook[] looked) =>
        from pair in images.Zip(looked, (image, look) => (image, look.Digest))
        where pair.Digest is not null
        group pair.image by pair.Digest into same
        where same.Count() > 1
        select new Finding($"has the same content as {string.Join(", ", same.Skip(1).Select(i => i.RelativeName))}", same.First().Path,
            "Remove the copies: an image that is both trained on and tested makes numbers too good.");

    private sealed record FileLook(IReadOnlyList<Finding> Errors, IReadOnlyList<Finding> Warnings, string? Digest);
}
