/// Waits for a study that tasks compute, and tells what becomes of its cells.
module internal Falcon.Experiments.Waiting

open System
open System.Collections.Generic
open System.Diagnostics
open Falcon
open Falcon.Experiments.Store
open Falcon.Training

/// Large studies are looked at less often: a look asks the file system about every cell that is left.
let private pause cells = TimeSpan.FromSeconds(min 30.0 (1.0 + float cells / 200.0))

type private Watched = { Graph: CellGraph.CellGraph; mutable Started: int64 voption; mutable Position: TrainingPosition option }

/// Tells how far a training has come, by its checkpoint.
let private follow (study: OpenStudy) (watched: Watched) (position: TrainingPosition option) =
    match position with
    | Some now when position <> watched.Position ->
        watched.Position <- position
        study.Tell(CellTraining(watched.Graph.Cell, TrainingProgress(now.Epoch, now.Epochs, 0L, [||])))
    | _ -> ()

let private begins (study: OpenStudy) (watched: Watched) =
    if watched.Started.IsNone then
        watched.Started <- ValueSome(Stopwatch.GetTimestamp())
        study.Tell(CellStarted(watched.Graph.Cell, None))

/// Waits until no cell is left that a task will compute.
let wait (study: OpenStudy) : StudyResult =
    // Failures that are tried again were forgotten when the study was submitted: what fails now stays so.
    let study = { study with Runtime = { study.Runtime with RetryFailed = false } }
    let name = study.Sweep.Name
    let ended = Dictionary<string, CellOutcome>()
    let started = Stopwatch.GetTimestamp()

    let ends (watched: Watched) outcome =
        let since = watched.Started |> ValueOption.defaultValue started
        ended[Cell.id watched.Graph.Cell] <- outcome
        study.Tell(CellEnded(watched.Graph.Cell, outcome, Stopwatch.GetElapsedTime since))

    /// What has come of a cell that has ended.
    let outcome (watched: Watched) =
        match CellOutcomes.known study watched.Graph with
        | Some(CellOutcome.Kept result) when watched.Started.IsSome -> Some(CellOutcome.Computed result)
        | outcome -> outcome

    let look (left: Watched list) =
        let submission = Submission.tryRead study.Store.Folder name
        let queue = SlurmCommands.queue [ Submission.jobName name ]

        let states =
            match submission with
            | Some submission ->
                Dictionary [ for cell in SubmittedCells.states study.Store submission (Some queue) -> KeyValuePair(cell.Id, cell.State) ]
            | None -> Dictionary()

        let position = Continuation.find study.Store

        left
        |> List.filter (fun watched ->
            match states.TryGetValue(Cell.id watched.Graph.Cell) with
            | true, SubmittedState.Done
            | true, SubmittedState.Failed _ ->
                match outcome watched with
                | Some outcome ->
                    ends watched outcome
                    false
                | None -> true
            | true, SubmittedState.Running _ ->
                begins study watched
                follow study watched (position watched.Graph)
                true
            | true, SubmittedState.Waiting _ -> true
            | true, SubmittedState.Left reason ->
                // It may have ended between two looks.
                match outcome watched with
                | Some outcome -> ends watched outcome
                | None ->
                    let failure = { Message = $"not computed: {reason}"; Story = reason }

                    ends
                        watched
                        (CellOutcome.Failed(failure, CellFolders.failureLog (CellFolders.folder study.Folder (Cell.id watched.Graph.Cell))))

                false
            | false, _ ->
                let failure = { Message = "not computed: the study was submitted anew without it"; Story = "" }

                ends
                    watched
                    (CellOutcome.Failed(failure, CellFolders.failureLog (CellFolders.folder study.Folder (Cell.id watched.Graph.Cell))))

                false)

    let rec next left =
        match look left with
        | [] -> ()
        | left ->
            study.Cancellation.WaitHandle.WaitOne(pause left.Length) |> ignore
            study.Cancellation.ThrowIfCancellationRequested()
            next left

    // What is there is told first.
    let watched = [ for graph in study.Graphs.Head -> { Graph = graph; Started = ValueNone; Position = None } ]

    let left =
        watched
        |> List.filter (fun watched ->
            match outcome watched with
            | Some outcome ->
                ends watched outcome
                false
            | None -> true)

    next left
    RunIndex.rebuild study.Store |> ignore

    { Study = study.Sweep
      Folder = study.Folder
      Store = study.Store.Folder
      Outcomes = [ for graph in study.Graphs.Head -> graph.Cell, ended[Cell.id graph.Cell] ]
      Computed = Map.empty
      Reports = [] }
