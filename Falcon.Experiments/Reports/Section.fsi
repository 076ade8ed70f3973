namespace Falcon.Experiments

open Falcon
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results

/// One part of a report, known by its text: the same sections on the same results give the same report.
[<Sealed>]
type Section =
    /// Its text, from which one of Falcon's own can be read again: `table per-category imageAuroc`.
    member Text: string

/// Tables: mean ± standard deviation over seeds, in percent, as LaTeX (booktabs), Markdown, CSV and JSON.
module Table =
    /// One metric: a row per category, a column per method and number of shots; turned where these are too many columns.
    ///
    ///     Report.write "reports/first" [ Table.perCategory ImageAuroc ]
    val perCategory: metric: Metric -> Section

    /// All metrics, averaged over categories: a row per method and number of shots.
    ///
    ///     Report.write "reports/first" [ Table.summary ]
    val summary: Section

    /// Variants of methods: the mean of each metric, and its change against the first variant of the same method.
    ///
    ///     Report.write "reports/noise" [ Table.ablation [ ImageAuroc; PixelAuroc ] ]
    val ablation: metrics: Metric list -> Section

    /// Every pair of methods with equal shots: difference, effect sizes and a signed-rank test, Holm-corrected.
    ///
    ///     Report.write "reports/first" [ Table.comparisons ImageAuroc ]
    val comparisons: metric: Metric -> Section

    /// Published results of the study's methods beside its own, and why one of them is missing.
    ///
    ///     Report.write "reports/stpm" [ Table.reported ]
    val reported: Section

    /// A table of one's own, under a name by which the report is known.
    ///
    ///     Table.own "hardest" (fun cells -> ReportTable("hardest", "The hardest images.", columns, rows, cells.Notes []))
    val own: name: string -> make: (CellSet -> ReportTable) -> Section

/// Figures, as PDF, SVG, PNG and as source for LaTeX's pgfplots. `docs/plots.md` shows them all.
module Plot =
    /// ROC curves over images. In all figures a method has one colour, and dashes tell numbers of shots apart; up to four curves have bands over seeds.
    ///
    ///     Report.write "reports/first" [ Plot.roc ]
    val roc: Section

    /// Precision against recall over images.
    ///
    ///     Report.write "reports/first" [ Plot.precisionRecall ]
    val precisionRecall: Section

    /// Per-region overlap against the false-positive rate over pixels, up to a limit in (0, 1]; reads the maps.
    ///
    ///     Report.write "reports/first" [ Plot.regionOverlap 0.3 ]
    val regionOverlap: limit: float -> Section

    /// How the scores of normal and of anomalous images are spread, a figure for each method, number of shots and category, first seed.
    ///
    ///     Report.write "reports/first" [ Plot.scores ]
    val scores: Section

    /// A metric against the number of training images, with error bars.
    ///
    ///     Report.write "reports/shots" [ Plot.shots ImageAuroc ]
    val shots: metric: Metric -> Section

    /// A metric per category at the largest number of shots, a mark per method.
    ///
    ///     Report.write "reports/first" [ Plot.categories ImageAuroc ]
    val categories: metric: Metric -> Section

    /// The same of each kind of defect, against the good images; a metric of images.
    ///
    ///     Report.write "reports/first" [ Plot.defects ImageAuroc ]
    val defects: metric: Metric -> Section

    /// Mean ranks of three or more methods over categories, and which of them do not differ.
    ///
    ///     Report.write "reports/zoo" [ Plot.criticalDifference ImageAuroc ]
    val criticalDifference: metric: Metric -> Section

    /// Losses against epochs: what each method descends.
    ///
    ///     Report.write "reports/first" [ Plot.training ]
    val training: Section

    /// Chosen losses against epochs, by their names; `falcon runs logs` shows these.
    ///
    ///     Report.write "reports/first" [ Plot.trainingOf [ "student"; "reconstruction" ] ]
    val trainingOf: losses: string list -> Section

    /// A metric against the time that training takes.
    ///
    ///     Report.write "reports/zoo" [ Plot.cost ImageAuroc ]
    val cost: metric: Metric -> Section

    /// A figure of one's own, under a name by which the report is known.
    ///
    ///     Plot.own "seeds" (fun cells -> Figure.Of(Chart("seeds", "Each seed.", x, y, series)))
    val own: name: string -> make: (CellSet -> Figure) -> Section

    /// The same curves with bands over seeds, however many they are.
    ///
    ///     Plot.roc |> Plot.withBands
    val withBands: section: Section -> Section

    /// The same curves without bands.
    ///
    ///     Plot.roc |> Plot.withoutBands
    val withoutBands: section: Section -> Section

    /// The same plot for each kind of defect, against the good images: a figure each, named by it. For plots of images: roc, precisionRecall, scores.
    ///
    ///     Plot.roc |> Plot.perDefect
    val perDefect: section: Section -> Section

/// Pictures.
module Gallery =
    /// Every test image of each method, number of shots and category, first seed: the photo, its mask and the heat map over the photo.
    ///
    ///     Report.write "reports/first" [ Gallery.overlays ]
    val overlays: Section

    /// A figure for each category, for papers: rows are the test images with a defect that the study's first method gives its lowest (worst), median and highest
    /// (best) score; columns are photo, mask and the heat map of each method, at the largest number of shots, first seed.
    ///
    ///     Report.write "reports/first" [ Gallery.qualitative ]
    val qualitative: Section

module Section =
    /// Reads the text of one of Falcon's own sections; none when it is another text.
    ///
    ///     Section.tryParse "plot roc"
    val tryParse: text: string -> Section option

    /// The same section, left away without a word where a study has too little for it: for scripts whose data is named when they are run.
    ///
    ///     Plot.shots ImageAuroc |> Section.whereEnough
    val whereEnough: section: Section -> Section

    /// Why a section cannot be made of a study; nothing where it can, or need not be.
    val internal faults: extent: Extent -> section: Section -> Finding list

    /// The sections that can be made of a study, and why others cannot.
    val internal possible: extent: Extent -> sections: Section list -> Section list * Finding list

    /// The tables among some sections, or why one cannot be made.
    val internal tables: sections: Section list -> cells: CellSet -> Result<ReportTable, Finding list> list

    /// The figures among some sections, where there is something to show, or why one cannot be made.
    val internal figures:
        sections: Section list ->
        overlap: (float -> CellResult -> CellOverlap option) ->
        cells: CellSet ->
            Result<Figure list, Finding list> list
