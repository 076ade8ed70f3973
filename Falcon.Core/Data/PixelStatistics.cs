namespace Falcon.Data;

/// <summary>The mean and standard deviation per channel that images are normalised with: those of the pictures that a teacher was trained on.</summary>
public enum PixelStatistics
{
    /// <summary>ImageNet's.</summary>
    ImageNet,

    /// <summary>Those of CLIP's training pictures.</summary>
    Clip,
}
