namespace Falcon.Metrics;

/// <summary>Neighbouring anomalous pixels of one row of a mask.</summary>
/// <param name="Start">The index of the first pixel in the mask, row by row.</param>
/// <param name="Length">The number of pixels.</param>
/// <param name="Region">The number of the region that the run belongs to, from 0.</param>
public readonly record struct MaskRun(int Start, int Length, int Region)
{
    /// <summary>The index behind the last pixel.</summary>
    public int End => Start + Length;
}
