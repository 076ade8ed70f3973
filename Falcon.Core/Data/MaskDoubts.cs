using Falcon.Imaging;
using Falcon.Protocol;

namespace Falcon.Data;

/// <summary>What is odd about a mask that can be read.</summary>
/// <param name="Path">Its file.</param>
/// <param name="Levels">Its levels where it has several and nobody has said what they mean; else empty.</param>
/// <param name="Alpha">What its alpha says.</param>
/// <param name="White">The share of it that means defect, where that looks inverted; else null.</param>
internal sealed record MaskDoubts(string Path, IReadOnlyList<int> Levels, AlphaUse Alpha, double? White)
{
    private const double Most = 0.5, NearlyAll = 0.9;

    /// <summary>Looks at a mask.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="picture">What it holds.</param>
    /// <param name="threshold">How it is read.</param>
    /// <param name="mask">What was read: 1 and 0.</param>
    public static MaskDoubts Of(string path, MaskPicture picture, MaskThreshold threshold, RasterImage mask)
    {
        var share = (double)mask.Pixels.AsSpan().Count((byte)1) / mask.Pixels.Length;
        // White all over it is no inverted mask: that of a defect has black in it.
        var isInverted = share is > Most and < 1 && (share > NearlyAll || FrameShare(mask) > NearlyAll);
        return new(path, threshold.Level is null && picture.Levels.Count > 1 ? picture.Levels : [], picture.Alpha, isInverted ? share : null);
    }

    /// <summary>One finding for each reason, with the number of masks.</summary>
    /// <param name="masks">All masks of a category.</param>
    /// <param name="folder">The folder from which masks are named.</param>
    public static IEnumerable<Finding> Findings(IReadOnlyList<MaskDoubts> masks, string folder)
    {
        (Func<MaskDoubts, string?> Detail, string What, string Fix)[] reasons =
        [
            (mask => mask.Levels.Count > 0 ? Described(mask.Levels) : null, "of several levels, all of which mean defect",
                $"If one of them does not, say so: maskLevel in {FolderNames.FileName}."),
            (mask => mask.White is { } share ? $"{100 * share:F0} %" : null, "mostly white, that is with a defect all over the image", "If black and white are inverted, turn them round."),
            (mask => mask.Alpha switch { AlphaUse.IsMask => "alpha is the mask", AlphaUse.HidesParts => "transparent parts are normal", _ => null }, "not opaque",
                "See whether that is meant, or save them without alpha."),
        ];
        foreach (var (detail, what, fix) in reasons)
        {
            var odd = masks.Where(mask => detail(mask) is not null).ToArray();
            if (odd.Length > 0)
                yield return new(
                    $"{ImageFolder.Counted(odd.Length, "mask")} {what}: {FolderListing.Relative(folder, odd[0].Path)} ({detail(odd[0])}){(odd.Length > 1 ? $" and {odd.Length - 1} more" : "")}", folder, fix);
        }
    }

    private static string Described(IReadOnlyList<int> levels) => levels.Distinct().Count() == levels.Count ? string.Join(", ", levels) : $"{levels.Count} colours";

    private static double FrameShare(RasterImage mask)
    {
        var (white, all) = (0, 0);
        for (var y = 0; y < mask.Height; y++)
        {
            var step = y == 0 || y == mask.Height - 1 ? 1 : Math.Max(1, mask.Width - 1);
            for (var x = 0; x < mask.Width; x += step, all++)
                white += mask.Pixels[y * mask.Width + x];
        }
        return (double)white / all;
    }
}
