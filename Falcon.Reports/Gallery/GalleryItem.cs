using Falcon.Results;

namespace Falcon.Reports;

/// <summary>One test image of a gallery. Files are relative to the report's folder, with forward slashes.</summary>
/// <param name="Outcome">What was said of it.</param>
/// <param name="Margin">How far its score lies on the wrong side of the threshold; negative on the right side.</param>
/// <param name="IsWrong">Whether the threshold puts it into the wrong class.</param>
/// <param name="PhotoFile">The photo as JPEG, named by its content.</param>
/// <param name="MaskFile">The mask as PNG, named by its content; null where there is none.</param>
/// <param name="HeatFile">The heat map over the gray photo as JPEG; null when the map was not kept.</param>
public sealed record GalleryItem(ImageOutcome Outcome, double Margin, bool IsWrong, string PhotoFile, string? MaskFile, string? HeatFile);
