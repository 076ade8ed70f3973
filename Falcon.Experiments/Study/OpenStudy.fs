namespace Falcon.Experiments

open System
open System.Threading
open Falcon
open Falcon.Experiments.Store

/// A study that is prepared, in an open store: what runs and plans are made of.
type internal OpenStudy =
    {
        Sweep: Sweep
        Runtime: Runtime
        Store: Store
        Folder: string
        Materials: Preparation.Materials
        Tell: StudyEvent -> unit
        /// Whether cells are added to the run index as they end. The tasks of a cluster leave it to the last job, since SQLite wants one machine.
        KeepsIndex: bool
        Cancellation: CancellationToken
        /// The teachers of each device.
        Teachers: LoadedTeachers list
        /// The graphs of the selected cells on each device: the keys are the same on all.
        Graphs: CellGraph.CellGraph list list
    }

module internal OpenStudy =
    let private selected (runtime: Runtime) (sweep: Sweep) = sweep.Cells |> List.filter (fun cell -> Runtime.selects runtime (Cell.id cell))

    /// What is wrong with a selection that leaves a study without cells.
    let selectsNothing (runtime: Runtime) (sweep: Sweep) =
        if sweep.Cells.IsEmpty || not (selected runtime sweep).IsEmpty then
            None
        else
            Some(
                Finding(
                    $"""no cell has such a name: {String.Join(", ", runtime.Only)}""",
                    $"study {sweep.Name}",
                    $"Give ids as the plan shows them, for example '{Cell.id sweep.Cells.Head}'; '*' stands for anything."
                )
            )

    /// Prepares a study for an action and lets go of it afterwards. Raises `InvalidInputException` with everything that stops it.
    let during (tell: StudyEvent -> unit) cancellation (runtime: Runtime) (study: IStudy) (action: OpenStudy -> 'Result) =
        use store = Store.openAt (Runtime.store runtime)

        match Preparation.prepare runtime store study with
        | Error findings -> raise (InvalidInputException(Array.ofList findings))
        | Ok materials ->
            let sweep = study.Sweep
            let cells = selected runtime sweep
            selectsNothing runtime sweep |> Option.iter (fun finding -> raise (InvalidInputException [| finding |]))
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
                          CellGraph.CellGraphs(
                              runtime,
                              sweep.Metrics,
                              materials.Category,
                              materials.FileDigest,
                              teachers,
                              listeners,
                              materials.Auxiliary
                          )

                      SideBySide.map (fun cell -> graphs.Of(cell, materials.Taught cell)) cells ]

            try
                action
                    { Sweep = sweep
                      Runtime = runtime
                      Store = store
                      Folder = Runtime.folder sweep.Name runtime
                      Materials = materials
                      Tell = tell
                      KeepsIndex =
                        match ScriptPurpose.current () with
                        | ScriptPurpose.Task _ -> false
                        | _ -> true
                      Cancellation = cancellation
                      Teachers = teachers
                      Graphs = graphs }
            finally
                for teachers in teachers do
                    (teachers :> IDisposable).Dispose()

    let plan (study: OpenStudy) = Plan.make study.Store study.Runtime.Workers study.Runtime.RetryFailed study.Sweep study.Graphs.Head
