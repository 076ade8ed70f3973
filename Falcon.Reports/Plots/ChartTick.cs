namespace Falcon.Reports;

/// <summary>A tick of an axis.</summary>
/// <param name="At">Where.</param>
/// <param name="Text">What is written there; empty for a small tick between others.</param>
public readonly record struct ChartTick(double At, string Text);
