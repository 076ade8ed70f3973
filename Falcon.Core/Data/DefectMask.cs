using System.Security.Cryptography;
using System.Text;
using Falcon.Imaging;
using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>Ground-truth masks: where an image is defective.</summary>
public static class DefectMask
{
    /// <summary>The files of a mask: itself, or, of a folder, the masks in it, which are joined.</summary>
    /// <param name="path">As <see cref="ImageItem.MaskPath"/>.</param>
    public static IReadOnlyList<string> Files(string path) => Directory.Exists(path) ? FolderListing.Images(path) : [path];

    /// <summary>A digest of the mask: its file's, or, of a folder, that of all of its files' digests.</summary>
    /// <param name="path">As <see cref="ImageItem.MaskPath"/>.</param>
    /// <param name="fileDigest">The SHA-256 of a file's content, in hexadecimal.</param>
    public static string DigestOf(string path, Func<string, string> fileDigest) => Directory.Exists(path)
        ? Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', Files(path).Select(fileDigest)))))
        : fileDigest(path);

    /// <summary>Reads a mask as 1 (defective) and 0, at its file's size; of a folder what any of its masks says is defective.</summary>
    /// <param name="path">The file, or a folder of several.</param>
    /// <param name="threshold">Which values mean defect (see <see cref="Category.MaskThreshold"/>); <see cref="MaskThreshold.Automatic"/> by default.</param>
    /// <exception cref="InvalidInputException">The file is missing or broken.</exception>
    public static RasterImage Read(string path, MaskThreshold? threshold = null)
    {
        RasterImage? joined = null;
        foreach (var file in Files(path))
            joined = Joined(joined, (threshold ?? MaskThreshold.Automatic).Apply(MaskPicture.Read(file)), file);
        return joined ?? throw new InvalidInputException("holds no mask", path, "Add the masks of this image.");
    }

    /// <summary>What either of two masks of an image says is defective.</summary>
    /// <param name="first">The first; null for nothing. It is changed.</param>
    /// <param name="second">The second.</param>
    /// <param name="file">That of the second.</param>
    /// <exception cref="InvalidInputException">They have other sizes.</exception>
    internal static RasterImage Joined(RasterImage? first, RasterImage second, string file)
    {
        if (first is null)
            return second;
        if ((first.Width, first.Height) != (second.Width, second.Height))
            throw new InvalidInputException($"is {second.Width}×{second.Height}, other masks of the same image {first.Width}×{first.Height}", file, "Give all masks the size of their image.");
        for (var i = 0; i < first.Pixels.Length; i++)
            first.Pixels[i] |= second.Pixels[i];
        return first;
    }
}
