using Falcon.Results;

namespace Falcon.Reports;

/// <summary>One test image of a gallery.</summary>
/// <param name="Outcome">What was said of it.</param>
/// <param name="Margin">How far its score lies on the wrong side of the threshold; negative on the right side.</param>
/// <param name="IsWrong">Whether the threshold puts it into the wrong class.</param>
/// <param name="StripFile">Photo, mask and heat map as a PNG file, relative to the report's folder, with forward slashes.</param>
/// <param name="Thumbnail">The strip at half size as a JPEG file.</param>
public sealed record GalleryItem(ImageOutcome Outcome, double Margin, bool IsWrong, string StripFile, byte[] Thumbnail);
