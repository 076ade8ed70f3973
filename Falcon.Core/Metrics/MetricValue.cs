namespace Falcon.Metrics;

/// <summary>A metric and what it came to.</summary>
/// <param name="Metric">What was measured.</param>
/// <param name="Value">A fraction in [0, 1]; null where the metric is not defined (items of one class only).</param>
public sealed record MetricValue(Metric Metric, double? Value);
