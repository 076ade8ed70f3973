namespace Falcon.Experiments

open System
open System.Threading
open Falcon

/// Running studies.
///
/// Everything that is computed goes to the store as soon as it is there, and is found there by whatever needs it: this study again, another one, another process.
/// Each cell is shown as it ends, in `<folder>/cells/<id>/`: `cell.json` (metrics, scores, protocol, timings, provenance), `scores.csv`, and links to
/// `maps.safetensors` (the anomaly maps at the method's own resolution) and `trained.safetensors` (the trained weights) in the store. A cell that fails keeps
/// its message and log in `failure.log`; the others go on, and it stays failed until `RetryFailed`.
module Study =
    /// The study with a report that `run` writes at its end, as `Report.write` does. Sections that the study has too little for are found before anything runs.
    /// Changes of the study, such as axes, come before.
    ///
    ///     study |> Study.withReport "reports/first" [ Table.summary; Plot.roc ] |> Study.run Runtime.local
    val withReport: folder: string -> sections: Section list -> study: #IStudy -> ReportedStudy

    /// Everything about the study that would stop it or a cell of it: impossible options, missing folders, files, categories, too few images.
    /// Reads the data sets; draws and writes the drawn one if the study uses it.
    ///
    ///     for finding in Study.check Runtime.local study do printfn $"{finding.What} ({finding.Where}): {finding.Fix}"
    val check: runtime: Runtime -> study: #IStudy -> Finding list

    /// What a run would do with each cell, and why. Raises `InvalidInputException` with every finding of `check`.
    ///
    ///     (Study.plan Runtime.local study).Count PlannedState.Run
    val plan: runtime: Runtime -> study: #IStudy -> Plan

    /// Runs a study in this process and tells `progress` about it. Raises `InvalidInputException` with every finding before any work starts,
    /// `OperationCanceledException` when cancelled (trainings leave a checkpoint first) and `DiskFullException`: in both cases the same call continues.
    ///
    ///     study |> Study.runWith (PlainLines(stderr, Quiet)) CancellationToken.None Runtime.local
    val runWith: progress: IProgress<StudyEvent> -> cancellation: CancellationToken -> runtime: Runtime -> study: #IStudy -> StudyResult

    /// Runs a study as a script does: plain lines on standard output. Ctrl-C and SIGTERM stop it after a checkpoint, and the
    /// process of a script with it; a second one at once. With `PlanOnly` it prints the
    /// plan and has no outcomes.
    ///
    ///     study |> Study.run { Runtime.local with RetryFailed = true }
    val run: runtime: Runtime -> study: #IStudy -> StudyResult

    /// The study with the options that a search chooses for it, one choice for all categories and seeds of a method with as many shots. The search runs as studies of
    /// its own (`NAME-search`), whose cells are kept like all others and see no test image: of each cell's training images some are held out, good and with synthetic
    /// anomalies (`SyntheticValidation`). What was chosen, and how, is part of the protocol and marked in tables; `trials.csv` beside the results of the search has every
    /// trial. Raises `InvalidInputException` with every finding of `check`, and when a cell has fewer photos than the search has shares.
    ///
    ///     study |> Study.tuned Runtime.local (Search.random 20 0 [ weights; rates ]) |> Study.run Runtime.local
    val tuned: runtime: Runtime -> search: Search -> study: #IStudy -> ReportedStudy
