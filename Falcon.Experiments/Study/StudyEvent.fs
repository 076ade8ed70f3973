namespace Falcon.Experiments

open System
open Falcon.Results
open Falcon.Training

/// What became of a cell.
[<RequireQualifiedAccess>]
type CellOutcome =
    /// Computed now.
    | Computed of CellResult
    /// Found finished, with the same key.
    | Kept of CellResult
    /// Has no result; other cells went on. The file `log` holds the whole story.
    | Failed of failure: CellFailure * log: string

/// What a running study tells. Cells begin in order; several may be under way. Events come one at a time.
type StudyEvent =
    /// The study begins; its results go to the folder.
    | StudyStarted of study: Sweep * folder: string
    /// What happens beside the cells, for whoever watches.
    | StudyNote of text: string
    /// Something that the results' reader must know.
    | StudyWarning of text: string
    /// A cell is about to be computed, and why if there is an earlier result of it.
    | CellStarted of cell: Cell * reason: string option
    /// A training epoch ended.
    | CellTraining of cell: Cell * progress: TrainingProgress
    /// Test images are being scored.
    | CellPredicting of cell: Cell * images: int * ofImages: int
    /// A cell ended.
    | CellEnded of cell: Cell * outcome: CellOutcome * time: TimeSpan
