namespace Falcon.Data;

/// <summary>The regions of interest in a folder: a mask for each image, in the same folders as the images and named like masks of defects, and one in the folder itself for
/// all others.</summary>
internal sealed class RegionFolder
{
    private readonly string? _folder;
    private readonly string? _ofAll;
    private readonly Dictionary<string, MaskFolder> _folders = [];

    /// <param name="folder">The folder; null for no regions.</param>
    /// <param name="flat">Images that lie in no folders, so that masks directly in the folder may be those of single images: several are, and so is one that is named like one of several images.</param>
    /// <exception cref="InvalidInputException">Several masks are for all images.</exception>
    public RegionFolder(string? folder, IReadOnlyList<string>? flat = null)
    {
        if (folder is not null && !Directory.Exists(folder))
            throw File.Exists(folder)
                ? new InvalidInputException("is a file, where a folder of regions of interest is needed", folder, "Put it into a folder of its own: one mask there is for all images.")
                : new InvalidInputException("there is no such folder of regions of interest", folder, $"Make it, or leave it away (the field regions of {FolderNames.FileName}, --regions).");
        var common = folder is null ? [] : FolderListing.Images(folder);
        if (common.Count > 1 && flat is null)
            throw new InvalidInputException($"holds {common.Count} masks, and only one can be for all images", folder!, "Leave one here; put those of single images into folders like the images'.");
        (_folder, _ofAll) = (folder, common.Count == 1 && !IsOfOne(common[0]) ? common[0] : null);

        bool IsOfOne(string mask) => flat is { Count: > 1 }
            && flat.Any(image => MaskFolder.NamesOf(Path.GetFileNameWithoutExtension(image)).Contains(Path.GetFileNameWithoutExtension(mask), StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The masks that no image has asked for so far.</summary>
    public IEnumerable<string> Unused => _folders.Values.SelectMany(folder => folder.Unused);

    /// <summary>The region of an image, or null.</summary>
    /// <param name="image">Its path below the folder of the category.</param>
    public string? Of(string image)
    {
        if (_folder is null)
            return null;
        var beside = Path.GetDirectoryName(image) ?? "";
        if (!_folders.TryGetValue(beside, out var masks))
            _folders.Add(beside, masks = new(beside.Length == 0 && _ofAll is not null ? "" : Path.Combine(_folder, beside)));
        return masks.Of(image) ?? _ofAll;
    }
}
