using System.Globalization;
using Falcon.Imaging;

namespace Falcon.Data;

/// <summary>Whether photos of 16 bits use them: cameras of 10, 12 or 14 bits write into files of 16, whose white is far above theirs.</summary>
internal static class SampleRange
{
    // Less than a quarter of what could be: nothing is lighter than a dark gray.
    private const int Dark = 4;

    private static readonly int[] CameraBits = [8, 10, 12, 14];

    /// <summary>At most one finding.</summary>
    /// <param name="highest">The highest value of each training image that has 16 bits.</param>
    /// <param name="whiteLevel">What was said to be white; null for nothing.</param>
    /// <param name="folder">Names the images.</param>
    public static IEnumerable<Finding> Find(IReadOnlyList<int> highest, int? whiteLevel, string folder)
    {
        if (highest.Count == 0)
            yield break;
        var (found, white) = (highest.Max(), whiteLevel ?? ushort.MaxValue);
        if (found < (white + 1) / Dark + 1)
        {
            var bits = CameraBits.FirstOrDefault(bits => found < 1 << bits, 16);
            yield return new(
                string.Create(CultureInfo.InvariantCulture, $"has {ImageFolder.Counted(highest.Count, "training image")} of 16 bits, highest value {found} of {white}: nearly black, as they are seen"), folder,
                $"If the camera has {bits} bits, say so: train with --set whiteLevel={(1 << bits) - 1} (the method's option WhiteLevel).");
        }
        else if (found > white)
        {
            yield return new(
                $"has training images of 16 bits with values up to {found}, above the white level {white}: what is lighter is cut off", folder, "Give a higher whiteLevel, or leave it away.");
        }
    }
}
