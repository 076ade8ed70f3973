using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>The masks in a folder, found by the names of their images: <c>s_mask</c> or else <c>s</c> for image <c>s</c>, or what else labelling programs add to it, with any extension;
/// or a folder of masks that is named so.</summary>
internal sealed class MaskFolder
{
    private static readonly string[] Endings =
        ["mask", "masks", "label", "labels", "gt", "groundtruth", "ground_truth", "seg", "segmentation", "annotation", "annotated", "defect", "anomaly"];

    // In the order in which they are taken.
    private static readonly string[] Added = ["_mask", "", .. Endings.SelectMany(ending => new[] { $"_{ending}", $"-{ending}", $".{ending}", $" {ending}" }).Skip(1)];

    private static readonly string[] Before = ["mask_", "label_", "gt_"];

    private readonly string _folder;
    private readonly IReadOnlyList<string> _files;

    // By name, with the masks in them.
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _folders;
    private readonly ILookup<string, string> _byName, _byAnyCase;
    private readonly HashSet<string> _used = [];
    private readonly List<(string Read, string Second)> _seconds = [];

    /// <param name="folder">The folder; one that is not there holds no masks.</param>
    public MaskFolder(string folder)
    {
        _folder = folder;
        _files = FolderListing.Images(folder);
        _folders = FolderListing.Folders(folder).Select(name => (Name: name, Masks: FolderListing.Images(Path.Combine(folder, name)))).Where(below => below.Masks.Count > 0)
            .ToDictionary(below => below.Name, below => below.Masks);
        _byName = _files.ToLookup(path => Path.GetFileNameWithoutExtension(path)!);
        _byAnyCase = _files.ToLookup(path => Path.GetFileNameWithoutExtension(path)!, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The names that a mask of an image may have, without an extension, the usual ones first.</summary>
    public static IEnumerable<string> NamesOf(string image) => Added.Select(ending => image + ending).Concat(Before.Select(start => start + image));

    /// <summary>The masks that no image has asked for so far.</summary>
    public IEnumerable<string> Unused => _files.Concat(_folders.Values.SelectMany(masks => masks)).Where(file => !_used.Contains(file));

    /// <summary>Masks of images that have another one, which is read.</summary>
    public IEnumerable<string> Seconds => _seconds.Select(pair => pair.Second);

    /// <summary>What is odd about the masks that were asked for.</summary>
    public IEnumerable<Finding> Remarks => _seconds.Count == 0 ? [] :
        [new(
            $"{ImageFolder.Counted(_seconds.Select(pair => pair.Read).Distinct().Count(), "image")} with more than one mask, of which one is read: "
            + $"{string.Join(", ", _seconds.Take(3).Select(pair => $"{Path.GetFileName(pair.Read)}, not {Path.GetFileName(pair.Second)}"))}", _folder,
            "Keep one mask for each image.")];

    /// <summary>How many images have been found to have a folder of masks.</summary>
    public int Joined { get; private set; }

    /// <summary>The mask of an image, or the folder of its masks; null where there is neither.</summary>
    public string? Of(string image)
    {
        if (_files.Count == 0 && _folders.Count == 0)
            return null;
        var name = Path.GetFileNameWithoutExtension(image);
        string[] found = [.. Candidates(name).Where(mask => !IsOfAnother(mask, image))];
        if (found.Length == 0)
            return FolderOf(name);
        if (found.Length > 1)
            _seconds.AddRange(found.Skip(1).Select(second => (found[0], second)));
        _used.UnionWith(found);
        return found[0];
    }

    private string? FolderOf(string image)
    {
        if (NamesOf(image).FirstOrDefault(_folders.ContainsKey) is not { } name)
            return null;
        _used.UnionWith(_folders[name]);
        Joined++;
        return Path.Combine(_folder, name);
    }

    private IEnumerable<string> Candidates(string name) => NamesOf(name).SelectMany(candidate => _byName[candidate])
        .Concat(NamesOf(name).SelectMany(candidate => _byAnyCase[candidate])).Distinct();

    // Of images s and s_label the mask s_label is that of the second.
    private static bool IsOfAnother(string mask, string image)
    {
        var (name, own) = (Path.GetFileNameWithoutExtension(mask), Path.GetFileNameWithoutExtension(image));
        return name != own && name != own + "_mask" && FolderListing.Images(Path.GetDirectoryName(image)!).Any(other => Path.GetFileNameWithoutExtension(other) == name);
    }
}
