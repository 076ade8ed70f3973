namespace Falcon.Imaging;

/// <summary>The TIFF fields that are looked at before decoding (TIFF 6.0, section 8).</summary>
internal enum TiffTag
{
    Width = 256,
    Height = 257,
    BitsPerSample = 258,
    Compression = 259,
    Photometric = 262,
    StripOffsets = 273,
    Orientation = 274,
    SamplesPerPixel = 277,
    StripByteCounts = 279,
    ExtraSamples = 338,
    SampleFormat = 339,
}
