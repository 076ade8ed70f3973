using Falcon.Metrics;

namespace Falcon.Reports;

/// <summary>What a report shows.</summary>
/// <param name="Tables">The tables, in order.</param>
/// <param name="Figures">The figures, in order.</param>
public sealed record ReportContents(IReadOnlyList<ReportTable> Tables, IReadOnlyList<Figure> Figures)
{
    /// <summary>The usual contents: image AUROC (or else the first metric) per category and the summary of all metrics; ROC curves, and of the other figures over
    /// images those for which there is enough to show.</summary>
    public static ReportContents Of(CellSet cells)
    {
        var metric = cells.Metrics.Contains(Metric.ImageAuroc) ? Metric.ImageAuroc : cells.Metrics[0];
        Figure?[] figures =
        [
            RocPlot.Of(cells),
            ShotsPlot.Of(cells, metric),
            cells.Categories(cells.DataSets[0]).Count > 1 ? CategoryPlot.Of(cells, metric) : null,
            CriticalDifferencePlot.Of(cells, metric),
            TrainingPlot.Of(cells),
        ];
        return new ReportContents([TablePerCategory.Of(cells, metric), TableSummary.Of(cells)], [.. figures.OfType<Figure>()]);
    }
}
