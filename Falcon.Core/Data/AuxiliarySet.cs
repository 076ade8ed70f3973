using Falcon.Randomness;

namespace Falcon.Data;

/// <summary>A data set with defects and their masks, other than the one that is judged later, from which a method learns once what defects look like.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Categories">Its categories, in their order.</param>
public sealed record AuxiliarySet(string Name, IReadOnlyList<AuxiliaryCategory> Categories)
{
    /// <summary>Categories with so many normal images each: the first k of a seeded permutation of their training images, or all where there are no more.</summary>
    /// <param name="name">The data set's name.</param>
    /// <param name="categories">At least one.</param>
    /// <param name="normals">k.</param>
    /// <param name="seed">The master seed.</param>
    /// <exception cref="InvalidInputException">A category has no normal or no test image, or a defect without a mask; all of them are named.</exception>
    public static AuxiliarySet Of(string name, IReadOnlyList<Category> categories, int normals, MasterSeed seed)
    {
        Finding[] findings = [.. categories.SelectMany(Faults)];
        if (categories.Count == 0)
            findings = [new("has no categories", $"auxiliary {name}", "Name a data set whose test images show defects, with masks.")];
        if (findings.Length > 0)
            throw new InvalidInputException(findings);
        return new(name, [.. categories.Select(category => new AuxiliaryCategory(
            category, ShotSampler.Default.Select(category, Math.Min(normals, category.TrainImages.Count), seed)))]);
    }

    private static IEnumerable<Finding> Faults(Category category)
    {
        const string Fix = "Leave the category away, or add the images.";
        if (category.TrainImages.Count == 0)
            yield return new("there is no normal image to train on", category.Folder, Fix);
        if (category.TestImages.All(image => !image.IsAnomalous))
            yield return new("there is no test image with a defect", category.Folder, Fix);
        foreach (var image in category.TestImages.Where(image => image is { IsAnomalous: true, MaskPath: null }).Take(1))
            yield return new($"there is no mask of {image.RelativeName}", category.Folder, "Add a mask for each image with a defect, or leave the category away.");
    }
}

/// <summary>One category of an <see cref="AuxiliarySet"/>.</summary>
/// <param name="Category">Its test images, normal and defective, are learnt from.</param>
/// <param name="Normals">Some of its training images: what good parts look like.</param>
public sealed record AuxiliaryCategory(Category Category, IReadOnlyList<ImageItem> Normals);
