using System.Security.Cryptography;
using Falcon.Imaging;
using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>Looks at all files of a category before work starts and reports everything at once. Masks are decoded, and so are images whose damage nothing else tells: of PNG and JPEG
/// files check sums and codes do.</summary>
public static class DataCheck
{
    /// <param name="category">The category.</param>
    /// <param name="needs">What the run wants from it.</param>
    /// <param name="workers">Threads that read files.</param>
    /// <param name="cancellation">Stops between files.</param>
    /// <param name="fileDigest">The SHA-256 of an image file in hexadecimal, or null, where digests are known already.</param>
    public static DataReport Find(
        Category category, DataNeeds needs, int workers = 2, CancellationToken cancellation = default, Func<string, string?>? fileDigest = null)
    {
        ImageItem[] images = [.. category.TrainImages, .. category.TestImages];
        var trained = category.TrainImages.Count;
        var withMasks = needs.Masks ?? images.Any(i => i.MaskPath is not null);
        var withRegions = images.Any(image => image.RegionPath is not null);
        var looked = images.Index().AsParallel().AsOrdered().WithDegreeOfParallelism(workers).WithCancellation(cancellation).WithMergeOptions(ParallelMergeOptions.FullyBuffered)
            .Select(image => Look(image.Item, image.Index < trained, withMasks, withRegions, category.MaskThreshold, fileDigest?.Invoke(image.Item.Path))).ToArray();
        return new(
            [.. category.Faults, .. Count(category, needs), .. looked.SelectMany(l => l.Errors)],
            [
                .. category.Remarks, .. SampleRange.Find([.. looked.Select(look => look.Highest).OfType<int>()], needs.WhiteLevel, category.Folder),
                .. looked.SelectMany(l => l.Warnings), .. category.LooseMasks.Select(Loose), .. MarkedGood(category), .. MaskDoubts.Findings([.. looked.SelectMany(look => look.Masks)], category.Folder),
                .. SameNames(category, images), .. Duplicates(images, looked, trained),
            ]);
    }

    private static IEnumerable<Finding> Count(Category category, DataNeeds needs)
    {
        if (category.TrainImages.Count < needs.Shots)
            yield return new(
                $"category {category.Name} has {category.TrainImages.Count} training images, fewer than {needs.Shots} shots", category.Folder,
                "Ask for fewer shots or add images.");
        var anomalous = category.TestImages.Count(image => image.IsAnomalous);
        if (needs.Test && (anomalous == 0 || anomalous == category.TestImages.Count))
            yield return new(
                $"category {category.Name} has {category.TestImages.Count - anomalous} good and {anomalous} anomalous test images, and scores need both",
                category.Folder, "Add the missing kind to test/good or test/DEFECT.");
    }

    private static FileLook Look(ImageItem image, bool isTrained, bool withMasks, bool withRegions, MaskThreshold threshold, string? digest)
    {
        List<Finding> errors = [], warnings = [];
        ImageShape? shape = null;
        List<MaskDoubts> maskDoubts = [];
        int? highest = null;
        try
        {
            var content = ImageFile.ReadBytes(image.Path);
            digest ??= Convert.ToHexStringLower(SHA256.HashData(content));
            shape = ImageFile.ShapeOf(content, image.Path);
            highest = isTrained ? ImageFile.HighestOf16Bits(content, image.Path) : null;
        }
        catch (ImageFileException damage)
        {
            errors.AddRange(damage.Findings);
        }
        if (image.MaskPath is { } mask)
            LookAtMask(mask, threshold, shape, errors, warnings, maskDoubts);
        else if (withMasks && image.IsAnomalous)
            errors.Add(new("has no mask, though pixel metrics need one", image.Path, "Add the mask below ground_truth, or remove all masks for image metrics only."));
        if (image.RegionPath is { } region)
            LookAtRegion(region, image.Path, shape, errors);
        else if (withRegions)
            warnings.Add(new("has no region of interest, though others have: all of it is looked at", image.Path, "Add its mask, or one for all images."));
        return new(errors, warnings, digest, maskDoubts, highest);
    }

    private static void LookAtMask(string path, MaskThreshold threshold, ImageShape? image, List<Finding> errors, List<Finding> warnings, List<MaskDoubts> doubts)
    {
        var isEmpty = true;
        foreach (var file in DefectMask.Files(path))
        {
            try
            {
                var picture = MaskPicture.Read(file);
                var mask = threshold.Apply(picture);
                isEmpty &= !mask.Pixels.AsSpan().Contains((byte)1);
                doubts.Add(MaskDoubts.Of(file, picture, threshold, mask));
                if (image is null || (mask.Width, mask.Height) == (image.Width, image.Height)) continue;
                isEmpty = false;
                errors.Add(new($"is {mask.Width}×{mask.Height}, its image {image.Width}×{image.Height}", file, (mask.Width, mask.Height) == (image.Height, image.Width)
                    ? "Give the mask the size of its image, which is turned as its EXIF or XMP orientation says." : "Give the mask the size of its image."));
            }
            catch (InvalidInputException error)
            {
                isEmpty = false;
                errors.AddRange(error.Findings);
            }
        }
        if (isEmpty)
            warnings.Add(new("is empty, though its image counts as defective", path, "Check the mask; pixel metrics count this image as normal."));
    }

    private static void LookAtRegion(string path, string name, ImageShape? image, List<Finding> errors)
    {
        try
        {
            var region = RegionOfInterest.Read(path);
            if (image is not null && region.Misfit(image.Width, image.Height, name) is { } misfit)
                errors.Add(misfit);
        }
        catch (InvalidInputException error)
        {
            errors.AddRange(error.Findings);
        }
    }

    private static Finding Loose(string mask) =>
        new("is a mask without an image", mask, "Name it after its image, or remove it; an image may be missing.");

    private static IEnumerable<Finding> MarkedGood(Category category)
    {
        List<string> marked = [];
        foreach (var mask in category.MasksOfGood)
        {
            try
            {
                if (DefectMask.Read(mask, category.MaskThreshold).Pixels.AsSpan().Contains((byte)1))
                    marked.Add(mask);
            }
            catch (ImageFileException)
            {
                // Nothing reads it.
            }
        }
        if (marked.Count > 0)
            yield return new(
                $"{ImageFolder.Counted(marked.Count, "mask")} of good images with defects on it: {ImageFolder.Named(category.Folder, marked)}", category.Folder,
                "These images count as good all over. If they are not, move them to a folder of their kind of defect.");
    }

    // They share a mask, and whoever strips the ending takes them for one.
    private static IEnumerable<Finding> SameNames(Category category, ImageItem[] images)
    {
        string[][] same = [.. images.GroupBy(image => Path.ChangeExtension(image.RelativeName, null), StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1)
            .Select(group => group.Select(image => image.RelativeName).ToArray())];
        if (same.Length > 0)
            yield return new(
                $"{ImageFolder.Counted(same.Length, "name")} that more than one image has, but for its ending or case: {string.Join(" and ", same[0])}", category.Folder,
                "Keep one of each if they show the same, or give the others names of their own.");
    }

    private static IEnumerable<Finding> Duplicates(ImageItem[] images, FileLook[] looked, int trainCount)
    {
        var copies = images.Index().Where(image => looked[image.Index].Digest is not null).GroupBy(image => looked[image.Index].Digest)
            .Where(same => same.Count() > 1 && same.First().Index < trainCount);
        foreach (var same in copies)
        {
            var isLeak = same.Any(image => image.Index >= trainCount);
            yield return new(
                $"has the same content as {string.Join(", ", same.Skip(1).Select(image => image.Item.RelativeName))}", same.First().Item.Path,
                isLeak ? "Remove the copies: an image that is both trained on and tested makes numbers too good."
                    : "Remove the copies: shots that are the same image teach no more than one.");
        }
    }

    private sealed record FileLook(IReadOnlyList<Finding> Errors, IReadOnlyList<Finding> Warnings, string? Digest, IReadOnlyList<MaskDoubts> Masks, int? Highest);
}
