namespace Falcon.Reports;

/// <summary>What a report shows.</summary>
/// <param name="Tables">The tables, in order.</param>
/// <param name="Figures">The figures, in order.</param>
public sealed record ReportContents(IReadOnlyList<ReportTable> Tables, IReadOnlyList<Figure> Figures)
{
    /// <summary>Whether every test image is shown, of those cells whose photos are at hand.</summary>
    public bool HasOverlays { get; init; } = true;

    /// <summary>Whether chosen test images are shown with the maps of all methods side by side.</summary>
    public bool HasQualitative { get; init; }
}
