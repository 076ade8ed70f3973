/// What becomes of one cell: its result is found, computed, or missing for a reason; the run index and the cell's folder show it.
module internal Falcon.Experiments.CellOutcomes

open System
open System.IO
open Microsoft.Data.Sqlite
open Falcon
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Results

/// Writes into a cell's folder; that it cannot be written is told, and loses nothing.
let private writing (study: OpenStudy) (graph: CellGraph.CellGraph) (write: string -> unit) =
    let folder = CellFolders.folder study.Folder (Cell.id graph.Cell)

    try
        write folder
    with
    | :? InvalidInputException
    | :? IOException
    | :? UnauthorizedAccessException as error ->
        study.Tell(StudyWarning $"the folder of a cell could not be written, though its result is in the store ({folder}: {error.Message})")

/// A result under the name that the study gives its method.
let private read (graph: CellGraph.CellGraph) (file: string) = CellFolder.ReadFile(file).Called(Cell.label graph.Cell)

/// Shows a result in its folder.
let private show (study: OpenStudy) (graph: CellGraph.CellGraph) (result: CellResult) (pipeline: Pipeline) =
    let source: CellFolders.Source =
        { Key = graph.Key.Hex
          Images = Path.GetFullPath graph.Category.Folder
          Label = CellFolders.labelText result.Method }

    writing study graph (fun folder ->
        CellFolders.show folder source result (fun () -> (pipeline.Get graph.Train).Model, (pipeline.Get graph.Scores).Maps))

/// Shows a failure in its folder.
let private showFailure (study: OpenStudy) (graph: CellGraph.CellGraph) (failure: CellFailure) =
    writing study graph (fun folder -> CellFolders.fail folder failure)
    CellOutcome.Failed(failure, CellFolders.failureLog (CellFolders.folder study.Folder (Cell.id graph.Cell)))

/// Adds a cell to the run index, which can be made anew from the store whenever that fails.
let private index (study: OpenStudy) (graph: CellGraph.CellGraph) (result: CellResult option) (failure: CellFailure option) =
    try
        if study.KeepsIndex then
            use index = RunIndex.openToAdd study.Store

            RunIndex.put
                index
                { Key = graph.Key.Hex
                  Id = Cell.id graph.Cell
                  State = (if result.IsSome then Finished else Failed)
                  Ended = DateTimeOffset.UtcNow
                  Result = result
                  Failure = failure
                  Document = graph.Train.Node.Recipe.Document.Text }
    with :? SqliteException as error ->
        study.Tell(StudyWarning $"the run index could not be written ({error.Message}); 'falcon runs reindex' makes it anew")

let private failed (study: OpenStudy) (graph: CellGraph.CellGraph) (error: exn) =
    let failure = Failures.keep study.Store graph.Key study.Sweep.Name (Cell.id graph.Cell) error
    index study graph None (Some failure)
    showFailure study graph failure

/// The outcome of a cell that needs no computing: its result is there, or it failed before.
let known (study: OpenStudy) (graph: CellGraph.CellGraph) =
    match Store.tryFind study.Store graph.Record.Node.Recipe with
    | Ok found ->
        let result = read graph (graph.Record.Read found)
        show study graph result (Pipeline study.Store)
        Some(CellOutcome.Kept result)
    | Error _ ->
        Failures.tryFind study.Store graph.Key
        |> Option.filter (fun _ -> not study.Runtime.RetryFailed)
        |> Option.map (fun failure ->
            showFailure study graph { failure with Message = $"{failure.Message} (failed before; --retry-failed tries it again)" })

/// Whether a failure is the cell's own: a cancellation or a full disk ends the whole study, and the same study goes on later.
let private isOfCell (study: OpenStudy) (error: exn) =
    not (error :? DiskFullException)
    && not (error :? OperationCanceledException && study.Cancellation.IsCancellationRequested)

/// Computes a cell and tells the index and its folder.
let compute (study: OpenStudy) (pipeline: Pipeline) (graph: CellGraph.CellGraph) =
    match known study graph with
    | Some outcome ->
        // Another process was faster.
        outcome
    | None ->
        try
            let result = read graph (pipeline.Get graph.Record)
            show study graph result pipeline
            Failures.forget study.Store graph.Key
            index study graph (Some result) None
            CellOutcome.Computed result
        with error when isOfCell study error ->
            failed study graph error
