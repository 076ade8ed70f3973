namespace Falcon.Reports;

/// <summary>A row of a table.</summary>
/// <param name="Cells">One entry per column.</param>
/// <param name="RuleAbove">Whether a line sets it off from the row before.</param>
public sealed record TableRow(IReadOnlyList<TableCell> Cells, bool RuleAbove = false);
