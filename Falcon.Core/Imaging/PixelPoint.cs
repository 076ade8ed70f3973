namespace Falcon.Imaging;

/// <summary>A corner of pixels: the pixel in column x and row y covers x to x + 1 and y to y + 1, from the image's upper left.</summary>
/// <param name="X">To the right, 0 to the image's width.</param>
/// <param name="Y">Down, 0 to the image's height.</param>
public readonly record struct PixelPoint(int X, int Y);
