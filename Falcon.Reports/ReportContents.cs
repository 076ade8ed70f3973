namespace Falcon.Reports;

/// <summary>What a report shows.</summary>
/// <param name="Tables">The tables, in order.</param>
/// <param name="Figures">The figures, in order.</param>
public sealed record ReportContents(IReadOnlyList<ReportTable> Tables, IReadOnlyList<Figure> Figures);
