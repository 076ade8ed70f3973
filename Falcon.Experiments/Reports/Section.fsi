namespace Falcon.Experiments

open Falcon.Metrics
open Falcon.Reports

/// One part of a report. A value: the same sections on the same results give the same report.
[<RequireQualifiedAccess>]
type Section =
    | PerCategory of Metric
    | Summary
    | Ablation of Metric list
    | Comparisons of Metric
    | Reported
    | Roc
    | PrecisionRecall
    | RegionOverlap of limit: float
    | Scores
    | Shots of Metric
    | Categories of Metric
    | CriticalDifference of Metric
    | Training
    | Cost of Metric
    | Overlays

/// Tables: mean ± standard deviation over seeds, in percent, as LaTeX (booktabs), Markdown, CSV and JSON.
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

    /// Per-region overlap against the false-positive rate over pixels, up to a limit in (0, 1]; reads the maps.
    val regionOverlap: limit: float -> Section

    /// How the scores of normal and of anomalous images are spread, a figure for each method, number of shots and category, first seed.
    val scores: Section

    /// A metric against the number of training images, with error bars.
    val shots: metric: Metric -> Section

    /// A metric per category at the largest number of shots, a mark per method.
    val categories: metric: Metric -> Section

    /// Mean ranks of three or more methods over categories, and which of them do not differ.
    val criticalDifference: metric: Metric -> Section

    /// Losses against epochs.
    val training: Section

    /// A metric against the time that training takes.
    val cost: metric: Metric -> Section

/// Pictures.
module Gallery =
    /// Every test image of each method, number of shots and category, first seed: the photo, its mask and the heat map over the photo.
    val overlays: Section

module Section =
    /// The text of a section, from which it can be read again: `table per-category imageAuroc`.
    val text: section: Section -> string

    /// Reads the text; none when it is no section.
    val tryParse: text: string -> Section option

    /// Whether it shows maps.
    val internal readsMaps: section: Section -> bool

    /// The tables among some sections.
    val internal tables: sections: Section list -> cells: CellSet -> ReportTable list

    /// The figures among some sections, where there is something to show.
    val internal figures: sections: Section list -> sources: CellSource list -> cells: CellSet -> Figure list
