using Falcon.Imaging;
using Falcon.Randomness;

namespace Falcon.Methods;

/// <summary>What hides parts of the image that MRKD's student sees.</summary>
public enum ImageMasking
{
    /// <summary>Patches of the image at other places of it, within the part where there is a background (the published figures).</summary>
    PatchSwap,

    /// <summary>CutPaste (Li et al., CVPR 2021): one patch or one turned scar of the image, its colours changed a little, anywhere.</summary>
    CutPaste,
}

/// <summary>Gives an image with parts of it hidden; what is constant about the image has been computed before.</summary>
internal delegate RasterImage ImageMask(RandomStream stream);
