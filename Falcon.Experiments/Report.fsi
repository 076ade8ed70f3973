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

    /// Variants of a method: the mean of each metric, and its change against the first method of the study.
    val ablation: metrics: Metric list -> Section

    /// Every pair of methods with equal shots: difference, effect sizes and a signed-rank test, Holm-corrected.
    val comparisons: metric: Metric -> Section

    /// Published results of the study's methods beside its own.
    val reported: Section

/// Figures, as PDF, SVG, PNG and as source for LaTeX's pgfplots. `docs/plots.md` shows them all.
module Plot =
    /// ROC curves over images.
    val roc: Section

    /// Precision against recall over images.
    val precisionRecall: Section

    /// A metric against the number of training images, with error bars.
    val shots: metric: Metric -> Section

    /// A metric per category at the largest number of shots, a mark per method.
    val categories: metric: Metric -> Section

    /// Mean ranks of three or more methods over categories, and which of them do not differ.
    val criticalDifference: metric: Metric -> Section

    /// Losses against epochs, of cells that recorded them.
    val training: Section

    /// A metric against the time that training takes.
    val cost: metric: Metric -> Section

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
