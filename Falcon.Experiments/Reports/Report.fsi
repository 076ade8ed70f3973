namespace Falcon.Experiments

open Falcon
open Falcon.Metrics
open Falcon.Reports

/// Reports on studies.
module Report =
    /// The sections that suit most studies: image AUROC (or else the first metric) per category, the summary, ROC curves, training, and pictures.
    ///
    ///     Report.write "reports/first" (Report.usual [ ImageAuroc ])
    val usual: metrics: Metric list -> Section list

    /// Everything there is to show of a study, where there is enough for it, by these metrics.
    ///
    ///     Report.write "reports/first" (Report.complete [ ImageAuroc; PixelAuroc ])
    val complete: metrics: Metric list -> Section list

    /// The metrics of the finished cells in a folder of results.
    ///
    ///     Report.metrics ".falcon/results/first"
    val metrics: results: string -> Metric list

    /// The finished cells of a study as it last ran, in its order. Cells that it has no more are left out.
    ///
    ///     Report.cells ".falcon/results/first" |> List.map _.Cell.Category
    val cells: results: string -> CellSource list

    /// Whether a folder holds results of a study: a finished cell at least.
    ///
    ///     Report.isOf ".falcon/results/first"
    val isOf: results: string -> bool

    /// The keys of the cells of a study as it last ran, finished or not.
    ///
    ///     Report.keys ".falcon/results/first" |> List.length
    val keys: results: string -> string list

    /// Writes a report on the finished cells of a study: tables, figures, pictures, `document.tex` and `index.html`, with failed cells named. Of a study of which only
    /// some cells were selected it goes into the folder `<folder>-subset`, and says so in its heading. Figures and
    /// pictures come from the store when what they show has not changed. Says on standard error what had to be left out; what was left out is tried again next
    /// time. Returns the study with the page among its reports.
    ///
    ///     study |> Study.run Runtime.local |> Report.write "reports/first" [ Table.summary; Plot.roc ]
    val write: folder: string -> sections: Section list -> study: StudyResult -> StudyResult

    /// Compiles the documents of the reports written so far with pdflatex, if that is installed; otherwise says so on standard error.
    ///
    ///     study |> Study.run Runtime.local |> Report.write "reports/first" [ Table.summary ] |> Report.pdf
    val pdf: study: StudyResult -> StudyResult

    /// The studies in a store by name, with the folders of their results.
    ///
    ///     for name, folder in Report.studies Runtime.local do printfn $"{name}: {folder}"
    val studies: runtime: Runtime -> (string * string) list

    /// The sections of a study's last report that Falcon can make by itself, else `usual` ones, and the texts of its own ones, which only its script can make.
    ///
    ///     let sections, own = Report.sections ".falcon/results/first"
    val sections: results: string -> Section list * string list

    /// Writes a report as `write` does, on the finished cells of a study as it last ran; the page. Raises `InvalidInputException` when there is none, and when the
    /// folder holds sections of a script's own.
    ///
    ///     Report.ofResults Runtime.local ".falcon/results/first" "reports/first" [ Table.summary ]
    val ofResults: runtime: Runtime -> results: string -> folder: string -> sections: Section list -> string

    /// Compiles the document of a report; the PDF, and what LaTeX complained about. Raises `InvalidInputException` when pdflatex is missing or fails.
    ///
    ///     let document, complaints = Report.compile "reports/first"
    val compile: folder: string -> string * string list

    /// Compares the tables of a report with what the store knows now: every file that would be written otherwise, and every cell that is gone. The name of a study
    /// stands for `reports/NAME`. Raises `InvalidInputException` when the folder holds no report.
    ///
    ///     Report.check Runtime.local "reports/first" |> List.iter (printfn "%O")
    val check: runtime: Runtime -> folder: string -> Finding list
