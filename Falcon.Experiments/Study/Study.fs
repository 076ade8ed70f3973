namespace Falcon.Experiments

open System
open System.Collections.Concurrent
open System.Diagnostics
open System.IO
open System.Runtime.ExceptionServices
open System.Threading
open System.Threading.Tasks
open Microsoft.Data.Sqlite
open Falcon
open Falcon.Experiments.Pipeline
open Falcon.Experiments.Stages
open Falcon.Experiments.Store
open Falcon.Reports
open Falcon.Results
open Falcon.Training

type StudyResult =
    { Study: Sweep
      Folder: string
      Store: string
      Outcomes: (Cell * CellOutcome) list
      Computed: Map<string, int>
      Reports: string list }

    member this.Failed =
        [ for cell, outcome in this.Outcomes do
              match outcome with
              | CellOutcome.Failed(failure, _) -> cell, failure
              | CellOutcome.Computed _
              | CellOutcome.Kept _ -> () ]

    member this.Results =
        [ for _, outcome in this.Outcomes do
              match outcome with
              | CellOutcome.Computed result
              | CellOutcome.Kept result -> result
              | CellOutcome.Failed _ -> () ]

module Study =
    /// A study that is prepared, in an open store.
    type private Session =
        {
            Sweep: Sweep
            Runtime: Runtime
            Store: Store
            Folder: string
            Materials: Preparation.Materials
            Tell: StudyEvent -> unit
            Cancellation: CancellationToken
            /// The teachers of each device.
            Teachers: LoadedTeachers list
            /// The graphs of the selected cells on each device: the keys are the same on all.
            Graphs: CellGraph.CellGraph list list
        }

    let private selected (runtime: Runtime) (sweep: Sweep) =
        match sweep.Cells |> List.filter (fun cell -> Runtime.selects runtime (Cell.id cell)) with
        | [] when not sweep.Cells.IsEmpty ->
            raise (
                InvalidInputException(
                    $"""no cell has such a name: {String.Join(", ", runtime.Only)}""",
                    $"study {sweep.Name}",
                    $"Give ids as the plan shows them, for example '{Cell.id sweep.Cells.Head}'; '*' stands for anything."
                )
            )
        | cells -> cells

    let private withSession (tell: StudyEvent -> unit) cancellation (runtime: Runtime) (study: IStudy) (action: Session -> 'Result) =
        use store = Store.openAt (Runtime.store runtime)

        match Preparation.prepare runtime store study with
        | Error findings -> raise (InvalidInputException(Array.ofList findings))
        | Ok materials ->
            let sweep = study.Sweep
            let cells = selected runtime sweep
            let locate source = materials.Teachers[source]
            let teachers = [ for device in runtime.Devices -> new LoadedTeachers(device, locate) ]

            let listeners: CellGraph.Listeners =
                { Training =
                    fun cell progress ->
                        match progress.Remark with
                        | null -> ()
                        | remark -> tell (StudyWarning $"{Cell.id cell}: {remark}")

                        tell (CellTraining(cell, progress))
                  Scoring = fun cell image images -> tell (CellPredicting(cell, image, images)) }

            let graphs =
                [ for teachers in teachers ->
                      let graphs =
                          CellGraph.CellGraphs(runtime, sweep.Metrics, materials.Category, materials.FileDigest, teachers, listeners)

                      List.map graphs.Of cells ]

            try
                action
                    { Sweep = sweep
                      Runtime = runtime
                      Store = store
                      Folder = Runtime.folder sweep.Name runtime
                      Materials = materials
                      Tell = tell
                      Cancellation = cancellation
                      Teachers = teachers
                      Graphs = graphs }
            finally
                for teachers in teachers do
                    (teachers :> IDisposable).Dispose()

    let check runtime (study: #IStudy) =
        use store = Store.openAt (Runtime.store runtime)

        match Preparation.prepare runtime store study with
        | Ok _ -> []
        | Error findings -> findings

    let private planOf (session: Session) =
        Plan.make session.Store session.Runtime.Workers session.Runtime.RetryFailed session.Sweep session.Graphs.Head

    let plan runtime (study: #IStudy) = withSession ignore CancellationToken.None runtime study planOf

    /// Writes into a cell's folder; that it cannot be written is told, and loses nothing.
    let private writing session (graph: CellGraph.CellGraph) (write: string -> unit) =
        let folder = CellFolders.folder session.Folder (Cell.id graph.Cell)

        try
            write folder
        with
        | :? InvalidInputException
        | :? IOException
        | :? UnauthorizedAccessException as error ->
            session.Tell(
                StudyWarning $"the folder of a cell could not be written, though its result is in the store ({folder}: {error.Message})"
            )

    /// Shows a result in its folder.
    let private show session (graph: CellGraph.CellGraph) (result: CellResult) (pipeline: Pipeline) =
        let source: CellFolders.Source = { Key = graph.Key.Hex; Images = Path.GetFullPath graph.Category.Folder }

        writing session graph (fun folder ->
            CellFolders.show folder source result (fun () -> (pipeline.Get graph.Train).Model, (pipeline.Get graph.Score).Maps))

    /// Shows a failure in its folder.
    let private showFailure session (graph: CellGraph.CellGraph) (failure: CellFailure) =
        writing session graph (fun folder -> CellFolders.fail folder failure)
        CellOutcome.Failed(failure, CellFolders.failureLog (CellFolders.folder session.Folder (Cell.id graph.Cell)))

    /// Adds a cell to the run index, which can be made anew from the store whenever that fails.
    let private index session (graph: CellGraph.CellGraph) (result: CellResult option) (failure: CellFailure option) =
        try
            use index = RunIndex.openToAdd session.Store

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
            session.Tell(StudyWarning $"the run index could not be written ({error.Message}); 'falcon runs reindex' makes it anew")

    let private failed session (graph: CellGraph.CellGraph) (error: exn) =
        let failure = Failures.keep session.Store graph.Key session.Sweep.Name (Cell.id graph.Cell) error
        index session graph None (Some failure)
        showFailure session graph failure

    /// The outcome of a cell that needs no computing: its result is there, or it failed before.
    let private known session (graph: CellGraph.CellGraph) =
        match Store.tryFind session.Store graph.Record.Node.Recipe with
        | Ok found ->
            let result = CellFolder.ReadFile(graph.Record.Read found)
            show session graph result (Pipeline session.Store)
            Some(CellOutcome.Kept result)
        | Error _ ->
            Failures.tryFind session.Store graph.Key
            |> Option.filter (fun _ -> not session.Runtime.RetryFailed)
            |> Option.map (showFailure session graph)

    /// Whether a failure is the cell's own: a cancellation or a full disk ends the whole study, and the same study goes on later.
    let private isOfCell session (error: exn) =
        not (error :? DiskFullException)
        && not (error :? OperationCanceledException && session.Cancellation.IsCancellationRequested)

    let private compute session (pipeline: Pipeline) (graph: CellGraph.CellGraph) =
        match known session graph with
        | Some outcome ->
            // Another process was faster.
            outcome
        | None ->
            try
                let result = CellFolder.ReadFile(pipeline.Get graph.Record)
                show session graph result pipeline
                Failures.forget session.Store graph.Key
                index session graph (Some result) None
                CellOutcome.Computed result
            with error when isOfCell session error ->
                failed session graph error

    /// Takes cells until there are none left; what it has computed by stage.
    let private work session (queue: CellQueue) (reasons: Map<string, string>) (ended: ConcurrentDictionary<string, CellOutcome>) worker =
        let slot = worker % session.Graphs.Length
        let own = dict [ for graph in session.Graphs[slot] -> Cell.id graph.Cell, graph ]
        let pipeline = Pipeline(session.Store, session.Cancellation, worker, session.Runtime.Workers)
        ComputeThreads.Use session.Runtime.Threads

        let rec next () =
            session.Cancellation.ThrowIfCancellationRequested()

            match queue.Next session.Cancellation with
            | None -> ()
            | Some(taken, right) ->
                using right (fun _ ->
                    let id = Cell.id taken.Cell
                    let started = Stopwatch.GetTimestamp()
                    session.Tell(CellStarted(taken.Cell, Map.tryFind id reasons))
                    let outcome = compute session pipeline own[id]
                    ended[id] <- outcome
                    session.Tell(CellEnded(taken.Cell, outcome, Stopwatch.GetElapsedTime started)))

                next ()

        next ()
        pipeline.Computed

    /// Why cells are computed that have an earlier result under the same name.
    let private reasons session =
        Map
            [ for planned in (planOf session).Cells do
                  if planned.State = PlannedState.Stale then Cell.id planned.Cell, planned.Reason ]

    let private added (counts: Map<string, int> list) =
        counts
        |> List.collect Map.toList
        |> List.groupBy fst
        |> List.map (fun (stage, counts) -> stage, List.sumBy snd counts)
        |> Map

    /// Runs the workers to their end. When one of them cannot go on the others are asked to stop, and its exception comes out when they have.
    let private inParallel session (work: Session -> int -> 'Result) =
        use stop = CancellationTokenSource.CreateLinkedTokenSource session.Cancellation
        let mutable first: ExceptionDispatchInfo | null = null

        let run worker () =
            try
                Some(work { session with Cancellation = stop.Token } worker)
            with error ->
                Interlocked.CompareExchange(&first, ExceptionDispatchInfo.Capture error, null) |> ignore
                stop.Cancel()
                None

        let workers = min session.Runtime.Workers session.Graphs.Head.Length
        let tasks = [| for worker in 0 .. workers - 1 -> Task.Factory.StartNew(run worker, TaskCreationOptions.LongRunning) |]
        let results = Task.WhenAll(tasks).GetAwaiter().GetResult()

        match first with
        | null -> List.choose id (List.ofArray results)
        | first ->
            first.Throw()
            []

    let private runCells session =
        let ended = ConcurrentDictionary<string, CellOutcome>()

        let waiting =
            session.Graphs.Head
            |> List.filter (fun graph ->
                let started = Stopwatch.GetTimestamp()

                match known session graph with
                | None -> true
                | Some outcome ->
                    ended[Cell.id graph.Cell] <- outcome
                    session.Tell(CellEnded(graph.Cell, outcome, Stopwatch.GetElapsedTime started))
                    false)

        let computed =
            if waiting.IsEmpty then
                []
            else
                let reasons = reasons session
                let queue = CellQueue(session.Store, waiting)
                inParallel session (fun session -> work session queue reasons ended)

        { Study = session.Sweep
          Folder = session.Folder
          Store = session.Store.Folder
          Outcomes = [ for graph in session.Graphs.Head -> graph.Cell, ended[Cell.id graph.Cell] ]
          Computed = added computed
          Reports = [] }

    let private randomTeacher =
        "the teacher's weights are random: scores will be poor. Fetch some with 'falcon weights fetch resnet18'."

    let runWith (progress: IProgress<StudyEvent>) cancellation (runtime: Runtime) (study: #IStudy) =
        let gate = obj ()
        let tell event = lock gate (fun () -> progress.Report event)

        withSession tell cancellation runtime study (fun session ->
            tell (StudyStarted({ session.Sweep with Cells = [ for graph in session.Graphs.Head -> graph.Cell ] }, session.Folder))

            if session.Sweep.Cells |> List.exists (fun cell -> cell.Teacher = TeacherSource.Random) then
                tell (StudyWarning randomTeacher)

            for warning in session.Materials.Warnings do
                tell (StudyWarning(string warning))

            runCells session)

    let private printPlan runtime (study: IStudy) =
        let plan = plan runtime study
        Console.Out.WriteLine(if runtime.Json then Plan.json plan else TableStyle.Console.Render(Plan.table plan))

        { Study = study.Sweep
          Folder = Runtime.folder study.Sweep.Name runtime
          Store = Runtime.store runtime
          Outcomes = []
          Computed = Map.empty
          Reports = [] }

    let run (runtime: Runtime) (study: #IStudy) =
        if runtime.PlanOnly then
            printPlan runtime study
        else
            use cancellation = new CancellationTokenSource()

            let stop =
                ConsoleCancelEventHandler(fun _ signal ->
                    if not cancellation.IsCancellationRequested then
                        signal.Cancel <- true
                        cancellation.Cancel())

            Console.CancelKeyPress.AddHandler stop

            try
                runWith (PlainLines(Console.Out, runtime.Verbosity)) cancellation.Token runtime study
            finally
                Console.CancelKeyPress.RemoveHandler stop
