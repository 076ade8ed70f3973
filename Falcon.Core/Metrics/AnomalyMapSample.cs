namespace Falcon.Metrics;

/// <summary>The anomaly map of one test image beside the truth.</summary>
/// <param name="Name">Names the image in errors.</param>
/// <param name="Width">Pixels per row.</param>
/// <param name="Scores">(H, W) row by row, finite, higher is more anomalous.</param>
/// <param name="Mask">(H, W) row by row, above 0 is anomalous; empty for a normal image.</param>
/// <param name="Inside">(H, W) row by row, 0 for pixels that are not counted, as if they were not there; empty to count all.</param>
public sealed record AnomalyMapSample(string Name, int Width, ReadOnlyMemory<float> Scores, ReadOnlyMemory<byte> Mask, ReadOnlyMemory<byte> Inside = default);
