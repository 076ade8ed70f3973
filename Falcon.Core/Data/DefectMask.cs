using Falcon.Imaging;
using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>Ground-truth masks: where an image is defective.</summary>
public static class DefectMask
{
    /// <summary>Reads a mask file as 1 (defective) and 0, at the file's size.</summary>
    /// <param name="path">The file.</param>
    /// <param name="threshold">Which values mean defect (see <see cref="Category.MaskThreshold"/>); <see cref="MaskThreshold.Automatic"/> by default.</param>
    /// <exception cref="InvalidInputException">The file is missing or broken.</exception>
    public static RasterImage Read(string path, MaskThreshold? threshold = null) => (threshold ?? MaskThreshold.Automatic).Apply(MaskPicture.Read(path));
}
