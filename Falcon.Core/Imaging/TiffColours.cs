namespace Falcon.Imaging;

/// <summary>What the samples of a TIFF picture mean (its photometric interpretation, TIFF 6.0).</summary>
internal enum TiffColours
{
    WhiteIsZero = 0,
    BlackIsZero = 1,
    Rgb = 2,
    Palette = 3,
    Cmyk = 5,
}
