using Falcon.Imaging;

namespace Falcon.Detection;

/// <summary>A connected part of an image that looks anomalous. Coordinates are pixels of the image from its upper left; the pixel in column x and row y covers x to
/// x + 1 and y to y + 1.</summary>
/// <param name="Box">The smallest box around it.</param>
/// <param name="Area">The number of pixels, without those of its holes.</param>
/// <param name="Percent">Of the image's pixels, 0 to 100.</param>
/// <param name="Peak">Where it is most anomalous; of equal pixels the first, row by row.</param>
/// <param name="Centroid">The centre of gravity of its pixels.</param>
/// <param name="Outline">Closed polygons without the first point again: around each connected part clockwise as seen, around each hole counter-clockwise, so that
/// signed areas sum up and an even-odd fill gives the region. Simplified within the search's <see cref="RegionSearch.Tolerance"/>.</param>
public sealed record AnomalousRegion(
    RegionBox Box, int Area, double Percent, RegionPeak Peak, RegionCentroid Centroid, IReadOnlyList<IReadOnlyList<PixelPoint>> Outline);

/// <summary>An upright box of pixels.</summary>
/// <param name="X">The first column.</param>
/// <param name="Y">The first row.</param>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows.</param>
public readonly record struct RegionBox(int X, int Y, int Width, int Height);

/// <summary>The most anomalous pixel of a region.</summary>
/// <param name="Value">Of the anomaly map.</param>
/// <param name="X">Its column.</param>
/// <param name="Y">Its row.</param>
public readonly record struct RegionPeak(double Value, int X, int Y);

/// <summary>The centre of gravity of a region.</summary>
/// <param name="X">To the right; of a single pixel its column + 0.5.</param>
/// <param name="Y">Down; of a single pixel its row + 0.5.</param>
public readonly record struct RegionCentroid(double X, double Y);
