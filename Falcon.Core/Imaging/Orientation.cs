namespace Falcon.Imaging;

/// <summary>How a stored image has to be turned to be upright; the numbers are those of the EXIF and TIFF tag 274.</summary>
internal enum Orientation
{
    Upright = 1,
    MirroredHorizontally = 2,
    Rotated180 = 3,
    MirroredVertically = 4,
    Transposed = 5,
    RotateClockwise = 6,
    Transversed = 7,
    RotateCounterClockwise = 8,
}
