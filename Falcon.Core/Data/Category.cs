using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>One category of a data set: what is trained and tested together.</summary>
/// <param name="DataSet">The data set's name, for example <c>MVTec AD</c>.</param>
/// <param name="Name">The category's name, for example <c>bottle</c>.</param>
/// <param name="Folder">The category's folder; relative names start here.</param>
/// <param name="TrainImages">Normal images to learn from, ordinally sorted by relative name.</param>
/// <param name="TestImages">Normal and anomalous images to test on, ordinally sorted by relative name; empty when there are none.</param>
public sealed record Category(
    string DataSet, string Name, string Folder, IReadOnlyList<ImageItem> TrainImages, IReadOnlyList<ImageItem> TestImages)
{
    /// <summary>How the mask files are read.</summary>
    public MaskThreshold MaskThreshold { get; init; } = MaskThreshold.Automatic;

    /// <summary>Normal images to choose settings with, where the data set has them; training and testing leave them alone.</summary>
    public IReadOnlyList<ImageItem> ValidationImages { get; init; } = [];

    /// <summary>Masks that belong to no image.</summary>
    public IReadOnlyList<string> LooseMasks { get; init; } = [];

    /// <summary>Masks of normal images, which should show nothing.</summary>
    public IReadOnlyList<string> MasksOfGood { get; init; } = [];

    /// <summary>Masks of images that have another one, which is read.</summary>
    internal IReadOnlyList<string> SecondMasks { get; init; } = [];

    /// <summary>What in its folder is not read or may be meant otherwise, each with the number of files; empty for nothing.</summary>
    public IReadOnlyList<Finding> Remarks { get; init; } = [];

    /// <summary>Folders below its own that may not be read.</summary>
    public IReadOnlyList<Finding> Faults { get; init; } = [];
}
