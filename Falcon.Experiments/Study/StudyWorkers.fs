/// The workers that compute the cells of a study side by side.
module internal Falcon.Experiments.StudyWorkers

open System.Collections.Concurrent
open System.Diagnostics
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Training

/// Takes cells until there are none left; what it has computed by stage.
let private work
    (study: OpenStudy)
    (queue: CellQueue)
    (reasons: Map<string, string>)
    (ended: ConcurrentDictionary<string, CellOutcome>)
    worker
    =
    let slot = worker % study.Graphs.Length
    let own = dict [ for graph in study.Graphs[slot] -> Cell.id graph.Cell, graph ]
    let pipeline = Pipeline(study.Store, study.Cancellation, worker, study.Runtime.Workers)
    ComputeThreads.Use study.Runtime.Threads

    let rec next () =
        study.Cancellation.ThrowIfCancellationRequested()

        match queue.Next study.Cancellation with
        | None -> ()
        | Some(taken, right) ->
            using right (fun _ ->
                let id = Cell.id taken.Cell
                let started = Stopwatch.GetTimestamp()
                study.Tell(CellStarted(taken.Cell, Map.tryFind id reasons))
                let outcome = CellOutcomes.compute study pipeline own[id]
                ended[id] <- outcome
                study.Tell(CellEnded(taken.Cell, outcome, Stopwatch.GetElapsedTime started)))

            next ()

    next ()
    pipeline.Computed

/// Why cells are computed that have an earlier result under the same name.
let private reasons (study: OpenStudy) =
    Map
        [ for planned in (OpenStudy.plan study).Cells do
              if planned.State = PlannedState.Stale then Cell.id planned.Cell, planned.Reason ]

let private added (counts: Map<string, int> list) =
    counts
    |> List.collect Map.toList
    |> List.groupBy fst
    |> List.map (fun (stage, counts) -> stage, List.sumBy snd counts)
    |> Map

/// Runs the workers to their end. When one of them cannot go on the others are asked to stop, and its exception comes out when they have.
let private inParallel (study: OpenStudy) (work: OpenStudy -> int -> 'Result) =
    use stop = CancellationTokenSource.CreateLinkedTokenSource study.Cancellation
    let mutable first: ExceptionDispatchInfo | null = null

    let run worker () =
        try
            Some(work { study with Cancellation = stop.Token } worker)
        with error ->
            Interlocked.CompareExchange(&first, ExceptionDispatchInfo.Capture error, null) |> ignore
            stop.Cancel()
            None

    let workers = min study.Runtime.Workers study.Graphs.Head.Length
    let tasks = [| for worker in 0 .. workers - 1 -> Task.Factory.StartNew(run worker, TaskCreationOptions.LongRunning) |]
    let results = Task.WhenAll(tasks).GetAwaiter().GetResult()

    match first with
    | null -> List.choose id (List.ofArray results)
    | first ->
        first.Throw()
        []

/// Computes what is missing of a study; what became of each cell, in order.
let run (study: OpenStudy) =
    let ended = ConcurrentDictionary<string, CellOutcome>()

    StudyManifest.note
        study.Folder
        (List.map Cell.id study.Sweep.Cells)
        [ for graph in study.Graphs.Head -> Cell.id graph.Cell, graph.Key.Hex ]

    let waiting =
        study.Graphs.Head
        |> List.filter (fun graph ->
            let started = Stopwatch.GetTimestamp()

            match CellOutcomes.known study graph with
            | None -> true
            | Some outcome ->
                ended[Cell.id graph.Cell] <- outcome
                study.Tell(CellEnded(graph.Cell, outcome, Stopwatch.GetElapsedTime started))
                false)

    let computed =
        if waiting.IsEmpty then
            []
        else
            let reasons = reasons study
            let queue = CellQueue(study.Store, waiting)
            inParallel study (fun study -> work study queue reasons ended)

    { Study = study.Sweep
      Folder = study.Folder
      Store = study.Store.Folder
      Outcomes = [ for graph in study.Graphs.Head -> graph.Cell, ended[Cell.id graph.Cell] ]
      Computed = added computed
      Reports = [] }
