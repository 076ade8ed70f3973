using Falcon.Imaging;

namespace Falcon.Protocol;

/// <summary>Which values of a mask file mean defect.</summary>
/// <param name="Level">Values above this one do, from 0 to 254. Null decides for every file: everything that is not black, but in masks of black and white alone what is above 127,
/// which removes smoothed edges and the noise of compression.</param>
public sealed record MaskThreshold(byte? Level = null)
{
    /// <summary>Decides for every file.</summary>
    public static MaskThreshold Automatic { get; } = new();

    /// <summary>The mask as 1 (defective) and 0.</summary>
    internal RasterImage Apply(MaskPicture mask)
    {
        var level = Level ?? mask.AutomaticLevel;
        return new(mask.Gray.Width, mask.Gray.Height, 1, Array.ConvertAll(mask.Gray.Pixels, value => value > level ? (byte)1 : (byte)0));
    }
}
