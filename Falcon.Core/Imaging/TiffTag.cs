namespace Falcon.Imaging;

/// <summary>The TIFF fields that are looked at before decoding (TIFF 6.0, section 8).</summary>
internal enum TiffTag
{
    Width = 256,
    Height = 257,
    Photometric = 262,
    Orientation = 274,
    ExtraSamples = 338,
}
