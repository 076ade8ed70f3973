namespace Falcon.Methods;

/// <summary>Where in a training image AAND's synthetic defects may lie.</summary>
public enum ForegroundShape
{
    /// <summary>Everywhere.</summary>
    Everything,

    /// <summary>Where the smoothed luma is above a level: bright parts on a dark ground.</summary>
    Above,

    /// <summary>Where the smoothed luma is at most a level: dark parts on a bright ground.</summary>
    AtMost,

    /// <summary>A disc in the middle, nine tenths as wide as the image is high.</summary>
    Disc,

    /// <summary>A box in the middle with seven tenths of the image's sides.</summary>
    Box,
}
