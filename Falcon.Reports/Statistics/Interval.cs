namespace Falcon.Reports;

/// <summary>A confidence interval.</summary>
/// <param name="Low">Its lower end, in the unit of what was estimated.</param>
/// <param name="High">Its upper end.</param>
/// <param name="Confidence">In (0, 1): how often an interval so made holds the truth, usually 0.95.</param>
public readonly record struct Interval(double Low, double High, double Confidence);
