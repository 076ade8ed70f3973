namespace Falcon.Experiments

open Falcon
open Falcon.Metrics
open Falcon.Reports

/// Reports on studies.
module Report =
    /// The sections that suit most studies: image AUROC (or else the first metric) per category, the summary, ROC curves, training, and pictures.
    val usual: metrics: Metric list -> Section list

    /// Everything there is to show of a study, where there is enough for it, by these metrics.
    val complete: metrics: Metric list -> Section list

    /// The metrics of the finished cells in a folder of results.
    val metrics: results: string -> Metric list

    /// The finished cells in a folder of results, by their ids.
    val cells: results: string -> CellSource list

    /// Writes a report on the finished cells of a study: tables, figures, pictures, `document.tex` and `index.html`, with failed cells named. It is a stage: when
    /// nothing that it shows has changed it comes from the store. Says on standard error what had to be left out; what was left out is tried again next
    /// time. Returns the study with the page among its reports.
    val write: folder: string -> sections: Section list -> study: StudyResult -> StudyResult

    /// Compiles the documents of the reports written so far with pdflatex, if that is installed; otherwise says so on standard error.
    val pdf: study: StudyResult -> StudyResult

    /// The studies in a store by name, with the folders of their results.
    val studies: runtime: Runtime -> (string * string) list

    /// Writes a report as `write` does, on the finished cells in a folder of results; the page. Raises `InvalidInputException` when there is none.
    val ofResults: runtime: Runtime -> results: string -> folder: string -> sections: Section list -> string

    /// Compiles the document of a report; the PDF, and what LaTeX complained about. Raises `InvalidInputException` when pdflatex is missing or fails.
    val compile: folder: string -> string * string list

    /// Compares the tables of a report with what the store knows now: every file that would be written otherwise, and every cell that is gone. Raises
    /// `InvalidInputException` when the folder holds no report.
    val check: runtime: Runtime -> folder: string -> Finding list
