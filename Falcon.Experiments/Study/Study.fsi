namespace Falcon.Experiments

open System
open System.Threading
open Falcon
open Falcon.Results

/// A study that has run.
type StudyResult =
    {
        /// What was asked.
        Experiment: Experiment
        /// The folder of the results: `cells/<id>/` holds one cell.
        Folder: string
        /// What became of each cell, in order.
        Outcomes: (Cell * CellOutcome) list
        /// The pages of the reports written since.
        Reports: string list
    }

    /// The cells that have no result.
    member Failed: (Cell * CellFailure) list

    /// The results there are, those of earlier runs included.
    member Results: CellResult list

/// Running studies.
///
/// Each cell is written as it ends, in `<folder>/cells/<id>/`: `cell.json` (metrics, scores, protocol, timings, provenance), `scores.csv`,
/// `maps.safetensors` (the anomaly maps at the method's own resolution), `model.safetensors` (the detector) and `key.json` (what determined all this).
/// A cell that is there with the same key is not computed again. A cell that fails keeps its message and log in `failure.log`; the others go on.
module Study =
    /// Everything about the study that would stop it or a cell of it: impossible options, missing folders, files, categories, too few images.
    /// Reads the data sets; draws and writes the drawn one if the study uses it.
    val check: runtime: Runtime -> experiment: Experiment -> Finding list

    /// Runs a study in this process and tells `progress` about it. Raises `InvalidInputException` with every finding before any work starts, and
    /// `OperationCanceledException` when cancelled; finished cells stay, and the same call continues.
    val runWith:
        progress: IProgress<StudyEvent> -> cancellation: CancellationToken -> runtime: Runtime -> experiment: Experiment -> StudyResult

    /// Runs a study as a script does: plain lines on standard output, and Ctrl-C stops it at the next safe point.
    val run: runtime: Runtime -> experiment: Experiment -> StudyResult
