
namespace Falcon.Data;

/// <summary>A published list of support images: a CSV file with the columns <c>category</c> and <c>image</c> (the path below the category's folder, or just the file's
/// name), and perhaps <c>shots</c> and <c>seed</c>, each of which restricts a line to cells of that number when it is filled.</summary>
internal sealed class SupportList
{
    private readonly string _path;
    private readonly IReadOnlyList<Row> _rows;

    private SupportList(string path, IReadOnlyList<Row> rows) => (_path, _rows) = (path, rows);

    /// <exception cref="InvalidInputException">The file is missing, or no such list; every line that is wrong is named.</exception>
    public static SupportList Read(string path)
    {
        if (!File.Exists(path))
            throw new InvalidInputException("there is no such list of support images", path, "Check the path.");
        var table = Csv.Read(File.ReadAllText(path));
        string Shown(IReadOnlyList<string> fields) => string.Join(table.Separator, fields);
        var header = table.Records.Count == 0 ? [] : table.Records[0].Fields.ToList();
        int category = header.IndexOf("category"), image = header.IndexOf("image"), shots = header.IndexOf("shots"), seed = header.IndexOf("seed");
        if (category < 0 || image < 0)
            throw new InvalidInputException(
                $"is no list of support images: expected the columns category and image, found '{Shown(header)}'", path,
                "Write the header category,image or category,shots,seed,image.");
        List<Row> rows = [];
        List<Finding> faults = [];
        foreach (var (line, fields) in table.Records.Skip(1))
        {
            if (fields.Count == header.Count && TryNumber(fields, shots, out var ofShots) && TryNumber(fields, seed, out var ofSeed))
                rows.Add(new Row(line, fields[category], fields[image], ofShots, ofSeed));
            else
                faults.Add(new Finding($"expected {string.Join(',', header)}, found '{Shown(fields)}'", $"{path}, line {line}", "Mend the line."));
        }
        return faults.Count == 0 ? new SupportList(path, rows) : throw new InvalidInputException(faults);
    }

    /// <summary>The first images listed for a category, a number of shots and a seed.</summary>
    /// <exception cref="InvalidInputException">The list names too few, or images that the category does not have.</exception>
    public IReadOnlyList<ImageItem> Choose(Category category, int shots, long seed)
    {
        Row[] rows = [.. _rows.Where(row => row.Category == category.Name && (row.Shots ?? shots) == shots && (row.Seed ?? seed) == seed).Take(shots)];
        if (rows.Length < shots)
            throw new InvalidInputException(
                $"lists {rows.Length} images of {category.Name} for {shots} shots and seed {seed}", _path, "Use shots and seeds that the list has.");
        ImageItem?[] images = [.. rows.Select(row => category.TrainImages.FirstOrDefault(image => image.RelativeName == row.Image)
            ?? category.TrainImages.FirstOrDefault(image => image.RelativeName.EndsWith($"/{row.Image}", StringComparison.Ordinal)))];
        Finding[] unknown = [.. rows.Zip(images).Where(pair => pair.Second is null).Select(pair => new Finding(
            $"{pair.First.Image} is no training image of {category.Name}", $"{_path}, line {pair.First.Line}", "Name it by its path below the category's folder."))];
        return unknown.Length == 0 ? [.. images.OfType<ImageItem>()] : throw new InvalidInputException(unknown);
    }

    private static bool TryNumber(IReadOnlyList<string> fields, int column, out long? number)
    {
        var isNumber = long.TryParse(column < 0 ? "" : fields[column], out var read);
        number = isNumber ? read : null;
        return isNumber || column < 0 || fields[column].Length == 0;
    }

    private sealed record Row(int Line, string Category, string Image, long? Shots, long? Seed);
}
