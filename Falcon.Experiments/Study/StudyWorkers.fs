/// The workers that compute the cells of a study side by side.
module internal Falcon.Experiments.StudyWorkers

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Store
open Falcon.Training

/// Computes a cell with a pipeline of its worker; none when it is given up.
type private Computing = OpenStudy -> Pipeline -> CellGraph.CellGraph -> CellOutcome option

/// Takes cells until there are none left; what it has computed by stage.
let private work
    (study: OpenStudy)
    (queue: CellQueue)
    (reasons: Map<string, string>)
    (ended: ConcurrentDictionary<string, CellOutcome>)
    (compute: Computing)
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

                match compute study pipeline own[id] with
                | Some outcome ->
                    ended[id] <- outcome
                    study.Tell(CellEnded(taken.Cell, outcome, Stopwatch.GetElapsedTime started))
                | None -> study.Tell(StudyWarning $"{id} is given up: the study has it no more"))

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

/// Tells what is there already, and gives what is not.
let private missing (study: OpenStudy) (ended: ConcurrentDictionary<string, CellOutcome>) =
    study.Graphs.Head
    |> List.filter (fun graph ->
        let started = Stopwatch.GetTimestamp()

        match CellOutcomes.known study graph with
        | None -> true
        | Some outcome ->
            ended[Cell.id graph.Cell] <- outcome
            study.Tell(CellEnded(graph.Cell, outcome, Stopwatch.GetElapsedTime started))
            false)

/// What is known of a study's cells, in order.
let private result (study: OpenStudy) (ended: ConcurrentDictionary<string, CellOutcome>) computed : StudyResult =
    { Study = study.Sweep
      Folder = study.Folder
      Store = study.Store.Folder
      Outcomes =
        [ for graph in study.Graphs.Head do
              match ended.TryGetValue(Cell.id graph.Cell) with
              | true, outcome -> graph.Cell, outcome
              | false, _ -> () ]
      Computed = added computed
      Reports = [] }

/// Computes what is missing of a study; what became of each cell, in order.
let run (study: OpenStudy) =
    let ended = ConcurrentDictionary<string, CellOutcome>()

    StudyManifest.note
        study.Folder
        (List.map Cell.id study.Sweep.Cells)
        [ for graph in study.Graphs.Head -> Cell.id graph.Cell, graph.Key.Hex ]

    let waiting = missing study ended

    let computed =
        if waiting.IsEmpty then
            []
        else
            let reasons = reasons study
            let queue = CellQueue(study.Store, waiting)
            let compute study pipeline graph = Some(CellOutcomes.compute study pipeline graph)
            inParallel study (fun study -> work study queue reasons ended compute)

    result study ended computed

/// What is there of a study; nothing is computed. Cells that are missing have failed, for a reason.
let gather (study: OpenStudy) (whyMissing: CellGraph.CellGraph -> CellFailure) =
    let ended = ConcurrentDictionary<string, CellOutcome>()

    for graph in missing study ended do
        let outcome =
            CellOutcome.Failed(whyMissing graph, CellFolders.failureLog (CellFolders.folder study.Folder (Cell.id graph.Cell)))

        ended[Cell.id graph.Cell] <- outcome
        study.Tell(CellEnded(graph.Cell, outcome, TimeSpan.Zero))

    result study ended []

/// How often a cell that is being computed is looked at, whether it is still wanted.
let private look = TimeSpan.FromSeconds 5.0

/// How much is left of a cell's training, in [0, 1].
let private left (study: OpenStudy) (graph: CellGraph.CellGraph) =
    Continuation.find study.Store graph |> Option.map _.Left |> Option.defaultValue 1.0

/// Computes a cell unless it is given up meanwhile, which leaves a checkpoint; `hasProgressed` is told whether anything came of it.
let private whileWanted (isWanted: CellGraph.CellGraph -> bool) hasProgressed (study: OpenStudy) worker (graph: CellGraph.CellGraph) =
    use stop = CancellationTokenSource.CreateLinkedTokenSource study.Cancellation

    let check _ =
        try
            if not (isWanted graph) then stop.Cancel()
        with :? ObjectDisposedException ->
            ()

    use _ = new Timer(check, null, look, look)
    let pipeline = Pipeline(study.Store, stop.Token, worker, study.Runtime.Workers)
    let before = left study graph

    try
        try
            let outcome = CellOutcomes.compute { study with Cancellation = stop.Token } pipeline graph
            hasProgressed true
            Some outcome
        with :? OperationCanceledException when stop.IsCancellationRequested && not study.Cancellation.IsCancellationRequested ->
            None
    finally
        hasProgressed (not pipeline.Computed.IsEmpty || left study graph < before)

/// Takes some cells, in this order, until nothing is left of them that nobody else computes. What others compute is left to them, and so is what is not wanted
/// any more. `hasProgressed` is told whether anything came of a cell, also of one that was stopped.
let share (study: OpenStudy) (cells: CellGraph.CellGraph list) (isWanted: CellGraph.CellGraph -> bool) (hasProgressed: bool -> unit) =
    let ended = ConcurrentDictionary<string, CellOutcome>()
    let isMissing (graph: CellGraph.CellGraph) = (Store.probe study.Store graph.Record.Node.Recipe).IsError
    let hasFailed (graph: CellGraph.CellGraph) = (Failures.tryFind study.Store graph.Key).IsSome
    let queue = CellQueue(study.Store, cells, true, (fun graph -> isWanted graph && isMissing graph && not (hasFailed graph)))

    inParallel study (fun study worker ->
        let compute study _ graph = whileWanted isWanted hasProgressed study worker graph
        work study queue Map.empty ended compute worker)
    |> ignore

    result study ended []
