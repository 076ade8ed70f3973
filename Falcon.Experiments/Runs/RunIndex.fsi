namespace Falcon.Experiments

open System
open Falcon.Experiments.Store
open Falcon.Results

/// What became of a cell.
type RunState =
    | Finished
    | Failed

/// A cell that has run.
type Run =
    {
        /// The key of its result.
        Key: string
        /// Its readable name.
        Id: string
        State: RunState
        /// When it ended.
        Ended: DateTimeOffset
        /// The whole result; none when it failed.
        Result: CellResult option
        /// Why it failed.
        Failure: CellFailure option
        /// What determined the trained weights, as canonical JSON; empty when that is not known.
        Document: string
    }

/// All cells that have run, in one SQLite file of the store. It holds nothing that the store does not: whatever is wrong with it (a page or a row that is not
/// as it was written, a cell that the store has and it lacks) it is made anew. Many processes may use it at once.
[<Sealed>]
type RunIndex =
    interface IDisposable

module RunIndex =
    /// Opens the index of a store; it is made anew from the store when it is missing, incomplete or broken. `warn` is told why.
    val openAt: warn: (string -> unit) -> store: Store -> RunIndex

    /// Opens the index without a look at what is in it, to add to it.
    val internal openToAdd: store: Store -> RunIndex

    /// Adds a cell, or replaces what was known of it.
    val internal put: index: RunIndex -> run: Run -> unit

    /// Makes it anew from the store; the number of cells.
    val rebuild: store: Store -> int

    /// All cells, the latest first.
    val runs: index: RunIndex -> Run list

    /// The cells whose id or key begins with a text, or whose id fits a pattern with `*`; those whose id is the text when there are any.
    val find: index: RunIndex -> text: string -> Run list
