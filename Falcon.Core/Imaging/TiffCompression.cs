namespace Falcon.Imaging;

/// <summary>How the pixels of a TIFF file may be compressed. JPEG is not among them: ImageSharp's pixels differ from those of a JPEG file.</summary>
internal enum TiffCompression
{
    None = 1,
    FaxRuns = 2,
    FaxGroup3 = 3,
    FaxGroup4 = 4,
    Lzw = 5,
    Deflate = 8,
    PackBits = 32773,
    OldDeflate = 32946,
}
