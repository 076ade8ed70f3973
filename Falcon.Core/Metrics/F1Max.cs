namespace Falcon.Metrics;

/// <summary>The largest F1 score over all thresholds, and the threshold that reaches it.</summary>
/// <param name="Value">2·TP / (2·TP + FP + FN), in (0, 1].</param>
/// <param name="Threshold">Items that score at least this much are called anomalous; the highest such threshold when several reach the maximum.</param>
public readonly record struct F1Max(double Value, double Threshold);
