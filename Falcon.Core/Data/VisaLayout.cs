using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>VisA's own archive (Zou et al., ECCV 2022): normal and anomalous images in a folder each, and beside the categories a file that says which of them are
/// for training and which for testing.</summary>
/// <param name="splitFile">That file, below the folder of the data set.</param>
internal sealed class VisaLayout(string splitFile) : DataLayout(
    "VisA's archive, one-class split",
    $"Data/Images/Normal/IMAGE with Data/Images/Anomaly and Data/Masks/Anomaly, and {splitFile} beside the categories (VisA's archive)")
{
    private const string Header = "object,split,label,image,mask";

    /// <summary>The archive with its one-class split.</summary>
    public static VisaLayout Archive { get; } = new("split_csv/1cls.csv");

    /// <inheritdoc/>
    public override bool Fits(string category) => Directory.Exists(Path.Combine(category, "Data", "Images", "Normal"));

    /// <inheritdoc/>
    public override bool LeavesAside(string image) => false;

    /// <inheritdoc/>
    public override Category Read(string dataSet, string category)
    {
        var (root, name) = (FolderListing.Above(category), FolderListing.NameOf(category));
        var rows = Rows(root, name);
        if (rows.Count == 0)
            throw new InvalidInputException($"{splitFile} has no line for this category", category, "Take the split file that belongs to the archive.");
        var masks = rows.Where(row => row.Mask.Length > 0).Select(row => Path.GetFullPath(Path.Combine(root, row.Mask))).ToHashSet();
        return new Category(dataSet, name, category, Images(rows, "train"), Images(rows, "test"))
        {
            // Masks hold class numbers from 1.
            MaskThreshold = new MaskThreshold(0),
            LooseMasks = [.. FolderListing.Images(Path.Combine(category, "Data", "Masks", "Anomaly")).Where(mask => !masks.Contains(Path.GetFullPath(mask)))],
        };

        ImageItem[] Images(List<Row> all, string split) =>
            [.. all.Where(row => row.Split == split).Select(Item)];

        ImageItem Item(Row row)
        {
            var path = Path.Combine(root, row.Image);
            return new ImageItem(
                path, FolderListing.Relative(category, path), row.Label, row.Label != "normal", row.Mask.Length > 0 ? Path.Combine(root, row.Mask) : null);
        }
    }

    private List<Row> Rows(string root, string category)
    {
        var path = Path.Combine(root, splitFile);
        if (!File.Exists(path))
            throw new InvalidInputException(
                $"a VisA archive needs its split file here: expected {splitFile}, found {FolderListing.Found(root)}", path,
                "Copy the folder split_csv of the archive to its place, beside the categories.");
        var header = File.ReadLines(path).FirstOrDefault();
        if (header?.Trim() != Header)
            throw new InvalidInputException($"is no split file: expected the header {Header}, found '{header}'", path, "Take the file of the archive.");
        List<Row> rows = [];
        List<Finding> faults = [];
        foreach (var (index, line) in File.ReadLines(path).Index().Where(line => line.Item.StartsWith(category + ",", StringComparison.Ordinal)))
        {
            if (Parse(line) is { } row)
                rows.Add(row);
            else
                faults.Add(new(
                    "expected OBJECT,train or test,normal or anomaly,IMAGE,MASK with both files below the object's folder; training images are normal",
                    $"{path}, line {index + 1}",
                    "Take the file of the archive."));
        }
        var repeated = rows.GroupBy(row => row.Image).Where(same => same.Count() > 1);
        faults.AddRange(repeated.Select(same => new Finding($"names {same.Key} {same.Count()} times", path, "Take the file of the archive: an image is for training or for testing.")));
        return faults.Count == 0 ? rows : throw new InvalidInputException(faults);
    }

    private static Row? Parse(string line) => Csv.Fields(line) is [var category, "train" or "test", "normal" or "anomaly", var image, var mask] fields
        && IsBelow(category, image) && (mask.Length == 0 || IsBelow(category, mask)) && (fields[1], fields[2]) != ("train", "anomaly")
            ? new Row(category, fields[1], fields[2], image, mask)
            : null;

    // The file is not Falcon's: what it names must not lie anywhere else.
    private static bool IsBelow(string category, string path) => path.StartsWith(category + "/", StringComparison.Ordinal) && !path.Split('/').Contains("..");

    private sealed record Row(string Category, string Split, string Label, string Image, string Mask);
}
