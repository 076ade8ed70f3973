using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>Ground-truth masks: where an image is defective.</summary>
public static class DefectMask
{
    private const byte Half = 127;

    /// <summary>Reads a mask file as 1 (defective) and 0. Gray files with values above 127 are cut there, which removes compression noise; files with
    /// small values only (class numbers) count every value above 0.</summary>
    /// <exception cref="InvalidInputException">The file is missing or broken.</exception>
    public static RasterImage Read(string path)
    {
        var image = ImageFile.ReadGray(path);
        var limit = image.Pixels.Any(p => p > Half) ? Half : (byte)0;
        return new(image.Width, image.Height, 1, Array.ConvertAll(image.Pixels, p => p > limit ? (byte)1 : (byte)0));
    }
}
