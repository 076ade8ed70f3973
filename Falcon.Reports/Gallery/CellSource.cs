using Falcon.Results;

namespace Falcon.Reports;

/// <summary>A cell and where its pictures are.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Folder">The cell's folder, which <see cref="ImageOutcome.MapFile"/> is relative to; null when maps were not kept.</param>
/// <param name="CategoryFolder">The category's folder, which images and masks are relative to; null when the photos are not at hand.</param>
public sealed record CellSource(CellResult Cell, string? Folder = null, string? CategoryFolder = null)
{
    /// <summary>Whether a file of the cell's folder is there; a link to a content of the store stays when that is collected.</summary>
    /// <param name="file">Its name in <see cref="Folder"/>.</param>
    public bool Has(string file) => Folder is not null && Path.Combine(Folder, file) is var path
        && File.Exists(path) && File.ResolveLinkTarget(path, returnFinalTarget: true) is not { Exists: false };
}
