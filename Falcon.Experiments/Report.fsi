namespace Falcon.Experiments

open Falcon.Metrics
open Falcon.Reports

/// One part of a report.
[<NoEquality; NoComparison>]
type Section =
    internal
    | Table of (CellSet -> ReportTable)
    | Figure of (CellSet -> Figure option)
    | Overlays

/// Tables: mean ± standard deviation over seeds, in percent, as LaTeX (booktabs), Markdown and CSV.
module Table =
    /// One metric: a row per category, a column per method and number of shots.
    val perCategory: metric: Metric -> Section

    /// All metrics, averaged over categories: a row per method and number of shots.
    val summary: Section

/// Figures, as PDF, SVG and PNG.
module Plot =
    /// ROC curves over images.
    val roc: Section

/// Pictures.
module Gallery =
    /// Every test image of each method, number of shots and category, first seed: the photo, its mask and the heat map over the photo.
    val overlays: Section

/// Reports on studies.
module Report =
    /// The finished cells in a folder of results, by their ids: what `write` reads.
    val cells: results: string -> CellSource list

    /// Writes a report on the finished cells of a study: tables, figures, pictures, `document.tex` and `index.html`. Reads nothing but their folders, and
    /// the photos for overlays; says on standard error what had to be left out. Returns the study with the page among its reports.
    val write: folder: string -> sections: Section list -> study: StudyResult -> StudyResult
