namespace Falcon.Imaging;

/// <summary>The TIFF fields that say how the pixels are stored (TIFF 6.0, section 8).</summary>
internal enum TiffTag
{
    NewSubfileType = 254,
    Width = 256,
    Height = 257,
    BitsPerSample = 258,
    Compression = 259,
    Photometric = 262,
    FillOrder = 266,
    StripOffsets = 273,
    Orientation = 274,
    SamplesPerPixel = 277,
    RowsPerStrip = 278,
    StripByteCounts = 279,
    PlanarConfiguration = 284,
    FaxOptions = 292,
    Predictor = 317,
    ColourMap = 320,
    TileOffsets = 324,
    ExtraSamples = 338,
    SampleFormat = 339,
    Xmp = 700,
}
