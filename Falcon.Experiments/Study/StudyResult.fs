namespace Falcon.Experiments

open Falcon.Reports
open Falcon.Results

/// A study that has run.
type StudyResult =
    {
        /// What was asked.
        Study: Sweep
        /// The folder of the results: `cells/<id>/` holds one cell.
        Folder: string
        /// The folder of the store.
        Store: string
        /// What became of each cell that was selected, in order.
        Outcomes: (Cell * CellOutcome) list
        /// How often each stage was computed, by its name; what was found in the store does not count.
        Computed: Map<string, int>
        /// The pages of the reports written since.
        Reports: string list
    }

    /// Whether only some of the study's cells were selected.
    member this.IsSubset = this.Outcomes.Length < this.Study.Cells.Length

    /// The cells that have no result.
    member this.Failed =
        [ for cell, outcome in this.Outcomes do
              match outcome with
              | CellOutcome.Failed(failure, _) -> cell, failure
              | CellOutcome.Computed _
              | CellOutcome.Kept _ -> () ]

    /// The same as tables name them.
    member internal this.FailedCells =
        [| for cell, failure in this.Failed ->
               FailedCell(
                   Cell.label cell,
                   cell.Data.Name,
                   cell.Category,
                   Shots.count cell.Shots,
                   int64 cell.Seed,
                   failure.Message.TrimEnd('.').Replace('\n', ' ')
               ) |]

    /// The results there are by the ids of their cells.
    member internal this.ById =
        Map
            [ for cell, outcome in this.Outcomes do
                  match outcome with
                  | CellOutcome.Computed result
                  | CellOutcome.Kept result -> Cell.id cell, result
                  | CellOutcome.Failed _ -> () ]

    /// The results there are, those of earlier runs included.
    member this.Results =
        [ for _, outcome in this.Outcomes do
              match outcome with
              | CellOutcome.Computed result
              | CellOutcome.Kept result -> result
              | CellOutcome.Failed _ -> () ]
