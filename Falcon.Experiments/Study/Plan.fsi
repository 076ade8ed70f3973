namespace Falcon.Experiments

open System
open Falcon.Experiments.Pipeline
open Falcon.Reports
open Falcon.Experiments.Store

/// What a run would do with a cell.
[<RequireQualifiedAccess>]
type PlannedState =
    /// Nothing: the result is there.
    | Hit
    /// Compute it for the first time.
    | Run
    /// Compute it anew: there is an earlier result of a cell of this name.
    | Stale
    /// Nothing: it failed before, and failed cells are not tried again unless that is asked for.
    | Failed
    /// Wait for another process that computes it.
    | Computing

/// A cell before it runs.
type PlannedCell =
    {
        Cell: Cell
        State: PlannedState
        /// Why: what differs from the nearest earlier cell, which stages are missing, how it failed, who computes it.
        Reason: string
        /// Seconds that it will take, by what such cells took before; none when nothing like it has run.
        Expected: float option
    }

/// A training that cells wait for: what their methods build on.
type PlannedFoundation =
    {
        /// Its method, and the images that it learns from.
        Name: string
        /// Hit, run or computing.
        State: PlannedState
        /// The cells that wait for it.
        Cells: string list
        /// Seconds that it will take; none when nothing like it has run.
        Expected: float option
    }

/// What a run of a study would do, without doing it.
type Plan =
    {
        Study: Sweep
        /// What is trained first, each once; only what cells without trained weights need.
        Foundations: PlannedFoundation list
        Cells: PlannedCell list
        /// Cells that are computed at the same time.
        Workers: int
    }

    /// How many cells are in a state.
    member Count: state: PlannedState -> int

    /// Seconds that the run will take, each cell with one worker, without those parts of which nothing is known; none when that is all of them.
    member Expected: float option

    /// Cells and foundations of whose time nothing is known.
    member Unknown: int

module Plan =
    /// Looks at what the store has of each cell; computes nothing.
    val internal make: store: Store -> workers: int -> retryFailed: bool -> sweep: Sweep -> graphs: CellGraph.CellGraph list -> Plan

    /// The plan as a table: what is trained first, then each cell: cell, state, reason, expected time, and totals.
    ///
    ///     Study.plan Runtime.local study |> Plan.table |> TableStyle.Console.Render |> printfn "%s"
    val table: plan: Plan -> ReportTable

    /// The plan as JSON: `{"study":…,"foundations":[{"name":…,"state":…,"cells":[id, …],"expectedSeconds":…}],"cells":[{"id":…,"state":…,"reason":…,"expectedSeconds":…}],"expectedSeconds":…}`.
    ///
    ///     Study.plan Runtime.local study |> Plan.json |> printfn "%s"
    val json: plan: Plan -> string
