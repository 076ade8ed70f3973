using System.Globalization;

namespace Falcon.Data;

/// <summary>A category folder split by subfolders: training images, and a folder of test images and one of masks for every kind of defect.</summary>
/// <param name="name">What it is, in a few words.</param>
/// <param name="expected">What a category looks like, for messages.</param>
/// <param name="trains">Where the training images may lie below the category's folder, <c>{0}</c> being a normal kind; the first that holds images is taken.</param>
/// <param name="validations">Where normal images for validation may lie, likewise.</param>
/// <param name="tests">Where the test images of kind <c>{0}</c> lie.</param>
/// <param name="masks">Where the masks of kind <c>{0}</c> lie.</param>
/// <param name="aside">Names of folders, wherever they lie, that belong to the data set and are not read.</param>
internal sealed class SplitLayout(
    string name, string expected, IReadOnlyList<string> trains, IReadOnlyList<string> validations, string tests, string masks, IReadOnlyList<string> aside)
    : DataLayout(name, expected)
{
    private const string Kind = "{0}";

    /// <summary>MVTec AD's layout, with the other common names for normal images: that of MPDD, BTAD, the reorganised VisA, and of MVTec LOCO AD, whose images have folders of masks.</summary>
    public static SplitLayout Mvtec { get; } = new(
        "folders as in MVTec AD",
        "train/good/IMAGE with test/DEFECT/IMAGE and ground_truth/DEFECT/IMAGE_mask (ok, normal, … for good)",
        ["train/{0}", "train"],
        ["validation/{0}"],
        "test/{0}",
        "ground_truth/{0}",
        []);

    /// <summary>MVTec 3D-AD's layout, of which only the colour images are read.</summary>
    public static SplitLayout Mvtec3d { get; } = new(
        "folders as in MVTec 3D-AD, colour images",
        "train/good/rgb/IMAGE with test/DEFECT/rgb/IMAGE and test/DEFECT/gt/IMAGE",
        ["train/{0}/rgb"],
        ["validation/{0}/rgb"],
        "test/{0}/rgb",
        "test/{0}/gt",
        ["xyz", "gt"]);

    /// <summary>MVTec AD 2's layout, of which the public test images are read: the labels of the others are not published.</summary>
    public static SplitLayout MvtecAd2 { get; } = new(
        "folders as in MVTec AD 2, public test images",
        "train/good/IMAGE with test_public/good/IMAGE, test_public/bad/IMAGE and test_public/ground_truth/bad/IMAGE_mask",
        ["train/{0}"],
        ["validation/{0}"],
        "test_public/{0}",
        "test_public/ground_truth/{0}",
        ["test_private", "test_private_mixed"]);

    /// <summary>Photos of good parts directly in a folder.</summary>
    public static SplitLayout Photos { get; } = new("a folder of photos of good parts", "image files", [""], ["validation/{0}"], "test/{0}", "ground_truth/{0}", []);

    /// <inheritdoc/>
    public override bool Fits(string category) => First(category, trains).Count > 0 && (this != MvtecAd2 || Directory.Exists(Path.Combine(category, Root(tests))));

    /// <inheritdoc/>
    public override bool LeavesAside(string image) => image.Split('/').Intersect(aside).Any();

    /// <inheritdoc/>
    public override Category Read(string dataSet, string category)
    {
        var (testRoot, maskRoot) = (FolderListing.Find(category, Root(tests)), FolderListing.Find(category, Root(masks)));
        string[] kinds = [.. FolderListing.Folders(testRoot).Where(kind => Path.Combine(testRoot, kind) != maskRoot)];
        string[] ofMasksAlone = [.. FolderListing.Folders(maskRoot).Except(kinds, StringComparer.OrdinalIgnoreCase)];
        var maskFolders = kinds.Concat(ofMasksAlone).ToDictionary(kind => kind, kind => new MaskFolder(At(category, masks, kind)));
        ImageItem[] images =
            [.. kinds.SelectMany(kind => Items(category, At(category, tests, kind), kind, NormalKind.Is(kind) ? null : maskFolders[kind]))];
        return new Category(
            dataSet,
            FolderListing.NameOf(category),
            category,
            Normal(category, First(category, trains)),
            images)
        {
            ValidationImages = Normal(category, First(category, validations)),
            LooseMasks = [.. maskFolders.Where(folder => !NormalKind.Is(folder.Key)).SelectMany(folder => folder.Value.Unused)],
            MasksOfGood = [.. maskFolders.Where(folder => NormalKind.Is(folder.Key)).SelectMany(folder => folder.Value.Unused)],
            SecondMasks = [.. maskFolders.Values.SelectMany(folder => folder.Seconds)],
            Remarks = [.. Doubts(testRoot, kinds), .. maskFolders.Values.SelectMany(folder => folder.Remarks), .. OfEachImage(maskRoot, maskFolders.Values.Sum(folder => folder.Joined))],
        };
    }

    private static IEnumerable<Finding> Doubts(string testRoot, IEnumerable<string> kinds)
    {
        string[] ambiguous = [.. kinds.Where(kind => NormalKind.IsAmbiguous(kind) && FolderListing.HasImages(Path.Combine(testRoot, kind)))];
        if (ambiguous.Length > 0)
            yield return new(
                $"counts {string.Join(", ", ambiguous)} as {(ambiguous.Length == 1 ? "a kind" : "kinds")} of defect, which may be wrong", testRoot,
                $"If these parts are good, name the folder {NormalKind.Usual}, or say in {FolderNames.FileName} where good ones are; otherwise give the defect a name that says so.");
    }

    private static IEnumerable<Finding> OfEachImage(string maskRoot, int images)
    {
        if (images > 0)
            yield return new(
                $"has a folder of masks for each of {images} images, as MVTec LOCO AD: they are joined, and its own metric, sPRO, is none that is measured", maskRoot,
                "Compare pixel figures of such masks with others' that are measured in the same way.");
    }

    private static string Root(string pattern) => pattern[..pattern.IndexOf($"/{Kind}", StringComparison.Ordinal)];

    private static IReadOnlyList<string> First(string category, IEnumerable<string> patterns) =>
        patterns.Select(pattern => Matching(category, pattern)).FirstOrDefault(folders => folders.Length > 0, []);

    // The folders that a pattern means, of those that hold images.
    private static string[] Matching(string category, string pattern)
    {
        string[] folders = pattern.Contains(Kind, StringComparison.Ordinal)
            ? [.. FolderListing.Folders(FolderListing.Find(category, Root(pattern))).Where(NormalKind.Is).Select(kind => At(category, pattern, kind))]
            : [pattern.Length == 0 ? category : FolderListing.Find(category, pattern)];
        return [.. folders.Where(FolderListing.HasImages)];
    }

    private static string At(string category, string pattern, string kind) =>
        FolderListing.Find(category, string.Format(CultureInfo.InvariantCulture, pattern, kind));

    private static ImageItem[] Normal(string category, IReadOnlyList<string> folders) => [.. folders.SelectMany(folder => Items(category, folder, NormalKind.Usual, null))];

    private static IEnumerable<ImageItem> Items(string category, string folder, string kind, MaskFolder? masks) => FolderListing.Images(folder).Select(path =>
        new ImageItem(path, FolderListing.Relative(category, path), kind, masks is not null, masks?.Of(path)));
}
