using System.Globalization;

namespace Falcon.Data;

/// <summary>A category folder split by subfolders: training images, and a folder of test images and one of masks for every kind of defect.</summary>
/// <param name="name">What it is, in a few words.</param>
/// <param name="expected">What a category looks like, for messages.</param>
/// <param name="trains">Where the training images may lie below the category's folder; the first that holds images is taken.</param>
/// <param name="validations">Where normal images for validation may lie.</param>
/// <param name="tests">Where the test images of kind <c>{0}</c> lie.</param>
/// <param name="masks">Where the masks of kind <c>{0}</c> lie.</param>
internal sealed class SplitLayout(
    string name, string expected, IReadOnlyList<string> trains, IReadOnlyList<string> validations, string tests, string masks)
    : DataLayout(name, expected)
{
    private static readonly string[] NormalKinds = ["good", "ok", "normal", "Normal"];

    private static readonly string[] NormalValidation = [.. NormalKinds.Select(kind => $"validation/{kind}")];

    /// <summary>MVTec AD's layout, with the other common names for normal images: that of MPDD, BTAD and the reorganised VisA.</summary>
    public static SplitLayout Mvtec { get; } = new(
        "folders as in MVTec AD",
        "train/good/IMAGE with test/DEFECT/IMAGE and ground_truth/DEFECT/IMAGE_mask (ok or normal for good)",
        [.. NormalKinds.Select(kind => $"train/{kind}"), "train"],
        NormalValidation,
        "test/{0}",
        "ground_truth/{0}");

    /// <summary>MVTec 3D-AD's layout, of which only the colour images are read.</summary>
    public static SplitLayout Mvtec3d { get; } = new(
        "folders as in MVTec 3D-AD, colour images",
        "train/good/rgb/IMAGE with test/DEFECT/rgb/IMAGE and test/DEFECT/gt/IMAGE",
        ["train/good/rgb"],
        ["validation/good/rgb"],
        "test/{0}/rgb",
        "test/{0}/gt");

    /// <summary>Photos of good parts directly in a folder.</summary>
    public static SplitLayout Photos { get; } = new(
        "a folder of photos of good parts", "image files", [""], NormalValidation, "test/{0}", "ground_truth/{0}");

    /// <inheritdoc/>
    public override bool Fits(string category) => First(category, trains) is not null;

    /// <inheritdoc/>
    public override Category Read(string dataSet, string category)
    {
        var test = Path.Combine(category, "test");
        var kinds = FolderListing.Folders(test).Union(FolderListing.Folders(Path.Combine(category, "ground_truth"))).ToArray();
        var maskFolders = kinds.Except(NormalKinds).ToDictionary(kind => kind, kind => new MaskFolder(At(category, masks, kind)));
        ImageItem[] images = [.. kinds.SelectMany(kind => Items(category, At(category, tests, kind), kind, maskFolders.GetValueOrDefault(kind)))];
        return new Category(
            dataSet,
            FolderListing.NameOf(category),
            category,
            Normal(category, First(category, trains)),
            images)
        {
            ValidationImages = Normal(category, First(category, validations)),
            LooseMasks = [.. maskFolders.Values.SelectMany(folder => folder.Unused)],
        };
    }

    private static string? First(string category, IEnumerable<string> folders) =>
        folders.Select(name => Path.Combine(category, name)).FirstOrDefault(FolderListing.HasImages);

    private static string At(string category, string pattern, string kind) =>
        Path.Combine(category, string.Format(CultureInfo.InvariantCulture, pattern, kind));

    private static ImageItem[] Normal(string category, string? folder) => folder is null ? [] : [.. Items(category, folder, NormalKinds[0], null)];

    private static IEnumerable<ImageItem> Items(string category, string folder, string kind, MaskFolder? masks) => FolderListing.Images(folder).Select(path =>
        new ImageItem(path, FolderListing.Relative(category, path), kind, masks is not null, masks?.Of(path)));
}
