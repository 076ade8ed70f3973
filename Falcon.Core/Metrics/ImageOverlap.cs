namespace Falcon.Metrics;

/// <summary>How well the anomalous pixels of one image are found while next to nothing on normal images is (AUPIMO).</summary>
/// <param name="Image">The name of the image.</param>
/// <param name="Value">In [0, 1]: 1 when all are found before the lower limit, 0 when none is before the upper one.</param>
public sealed record ImageOverlap(string Image, double Value);
