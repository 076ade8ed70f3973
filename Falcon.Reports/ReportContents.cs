using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>What a report shows.</summary>
/// <param name="Tables">The tables, in order.</param>
/// <param name="Figures">The figures, in order.</param>
public sealed record ReportContents(IReadOnlyList<ReportTable> Tables, IReadOnlyList<Figure> Figures)
{
    /// <summary>The usual contents: image AUROC (or else the first metric) per category, the summary of all metrics, and ROC curves.</summary>
    public static ReportContents Of(CellSet cells)
    {
        var metric = cells.Metrics.Contains(Metric.ImageAuroc) ? Metric.ImageAuroc : cells.Metrics[0];
        return new ReportContents([TablePerCategory.Of(cells, metric), TableSummary.Of(cells)], RocPlot.Of(cells) is { } roc ? [roc] : []);
    }
}
