namespace Falcon.Metrics;

/// <summary>Items that no threshold can tell apart, because they share one score.</summary>
/// <param name="Score">The score; as a threshold it calls this group, and every group before it, anomalous.</param>
/// <param name="Positives">Anomalous items with this score.</param>
/// <param name="Negatives">Normal items with this score.</param>
public readonly record struct TieGroup(double Score, long Positives, long Negatives);
