using Falcon.Results;

namespace Falcon.Reports;

/// <summary>The pictures of one cell.</summary>
/// <param name="Cell">The cell.</param>
/// <param name="Threshold">The image score from which on an image is called anomalous: that of the best F1 score on the test images.</param>
/// <param name="Items">The test images, the worst errors first.</param>
/// <param name="Files">All files of the pictures, relative to the report's folder, with forward slashes.</param>
/// <param name="Left">What is not shown: the heat maps, where anomaly maps have been collected.</param>
public sealed record CellGallery(CellResult Cell, double Threshold, IReadOnlyList<GalleryItem> Items, IReadOnlyList<string> Files, IReadOnlyList<Finding> Left);
