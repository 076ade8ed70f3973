using System.Security.Cryptography;
using System.Text;

namespace Falcon.Data;

/// <summary>A digest of images by name and content: equal digests mean equal data, wherever the folder is.</summary>
public static class DataDigest
{
    /// <summary>SHA-256 over relative names and file contents, masks and regions of interest included; the order does not matter.</summary>
    /// <param name="images">Images of one category.</param>
    /// <param name="fileDigest">The SHA-256 of a file's content, in hexadecimal.</param>
    /// <returns>64 hexadecimal digits.</returns>
    public static string Of(IEnumerable<ImageItem> images, Func<string, string> fileDigest) =>
        OfLines(images.Select(image => Line(image, fileDigest)));

    /// <summary>What the digest says of one image: images that many digests have in common are described once.</summary>
    /// <param name="image">An image.</param>
    /// <param name="fileDigest">The SHA-256 of a file's content, in hexadecimal.</param>
    public static string Line(ImageItem image, Func<string, string> fileDigest)
    {
        return $"{image.RelativeName}\t{fileDigest(image.Path)}\t{(image.MaskPath is { } mask ? DefectMask.DigestOf(mask, fileDigest) : "")}{(image.RegionPath is null ? "" : "\t")}{Optional(image.RegionPath)}\n";

        string Optional(string? path) => path is null ? "" : fileDigest(path);
    }

    /// <summary>As <see cref="Of"/>, from the lines of the images.</summary>
    /// <param name="lines">A line for each image.</param>
    public static string OfLines(IEnumerable<string> lines) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines.Order(StringComparer.Ordinal)))));
}
