namespace Falcon.Imaging;

/// <summary>The file formats that are read, told apart by their first bytes and never by the file's name.</summary>
internal enum ImageFormat
{
    Png,
    Jpeg,
    Bmp,
    Tiff,
}
