namespace Falcon.Data;

/// <summary>The masks in a folder, found by the names of their images: <c>s_mask</c> or else <c>s</c> for image <c>s</c>, with any extension.</summary>
internal sealed class MaskFolder
{
    private readonly IReadOnlyList<string> _files;
    private readonly ILookup<string, string> _byName;
    private readonly HashSet<string> _used = [];

    /// <param name="folder">The folder; one that is not there holds no masks.</param>
    public MaskFolder(string folder)
    {
        _files = FolderListing.Images(folder);
        _byName = _files.ToLookup(path => Path.GetFileNameWithoutExtension(path)!);
    }

    /// <summary>The masks that no image has asked for so far.</summary>
    public IEnumerable<string> Unused => _files.Where(file => !_used.Contains(file));

    /// <summary>The mask of an image, or null.</summary>
    public string? Of(string image)
    {
        var name = Path.GetFileNameWithoutExtension(image);
        var mask = _byName[name + "_mask"].Concat(_byName[name]).FirstOrDefault();
        if (mask is not null)
            _used.Add(mask);
        return mask;
    }
}
