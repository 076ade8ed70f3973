namespace TorchSharp;

public enum PaddingModes
{
    Zeros,
    Reflect,
    Replicate,
    Circular,
    Constant,
}

public enum Padding
{
    Valid,
    Same,
}

public enum compute_mode
{
    use_mm_for_euclid_dist_if_necessary,
    use_mm_for_euclid_dist,
    donot_use_mm_for_euclid_dist,
}

public static partial class torch
{
    public enum RoundingMode
    {
        None,
        trunc,
        floor,
    }

    public enum InterpolationMode
    {
        Nearest,
        Linear,
        Bilinear,
        Bicubic,
        Trilinear,
        Area,
        NearestExact,
    }

    public enum UpsampleMode
    {
        Nearest,
        Linear,
        Bilinear,
        Bicubic,
        Trilinear,
    }

    public enum GridSampleMode
    {
        Nearest,
        Bilinear,
    }

    public enum GridSamplePaddingMode
    {
        Zeros,
        Reflection,
        Border,
    }
}
