/// What a task of a submitted study does, and its last job.
module internal Falcon.Experiments.TaskShare

open System
open System.Collections.Generic
open System.Threading
open Falcon
open Falcon.Experiments.Store

let private node () =
    match Environment.GetEnvironmentVariable "SLURMD_NODENAME" with
    | null
    | "" -> Environment.MachineName
    | name -> name

/// This process's job, if it is one.
let private job () =
    match
        Environment.GetEnvironmentVariable "SLURM_ARRAY_JOB_ID",
        Environment.GetEnvironmentVariable "SLURM_ARRAY_TASK_ID",
        Environment.GetEnvironmentVariable "SLURM_JOB_ID"
    with
    | null, _, null
    | _, null, null -> None
    | array, task, _ when not (isNull array) && not (isNull task) -> Some $"{array}_{task}"
    | _, _, job -> Option.ofObj job

let private unknown name =
    InvalidInputException(
        "is no task of the study as it was submitted last",
        $"--task {name}",
        "If it has been submitted anew since, the tasks of then compute its cells: see 'falcon submit status'. Tasks are started by SLURM alone."
    )

/// The task's own cells first, then those of the others, which help when a task has more to do than was expected or is gone.
let private ordered (submission: Submission) batch task (graphs: CellGraph.CellGraph list) =
    let byKey = Dictionary [ for graph in graphs -> KeyValuePair(graph.Key.Hex, graph) ]

    let all =
        [ for known in submission.Batches do
              for number, keys in List.indexed known.Tasks -> (known.Number, number), keys ]

    let own, others = all |> List.partition (fun (place, _) -> place = (batch, task))

    // The others from the next one on, so that helpers do not all help the first.
    let before, after = others |> List.partition (fun (place, _) -> place < (batch, task))

    [ for _, keys in own @ after @ before do
          for key in keys do
              match byKey.TryGetValue key with
              | true, graph -> graph
              | false, _ -> () ]
    |> List.distinctBy _.Key

/// Asks SLURM to put this task back into the queue, when it was asked to stop for its time, or a preemption, and something came of it. One that was cancelled
/// stays so.
let private goOnLater (hasProgressed: bool) =
    match job () with
    | None -> ()
    | Some job ->
        try
            match SlurmCommands.stateOf job, hasProgressed with
            | Some "RUNNING", true ->
                match SlurmCommands.requeue job with
                | None -> eprintfn $"The time of task {job} is over: it goes on later, where it stopped."
                | Some words -> eprintfn $"warning: task {job} could not be put back into the queue ({words}): submit the study again."
            | Some "RUNNING", false ->
                eprintfn $"warning: nothing came of task {job} in its time, so that it would not end: give more, with --time."
            | _ -> ()
        with :? InvalidInputException as error ->
            eprintfn $"warning: {error.Message}"

/// Computes what a task has to, and helps others.
let run (study: OpenStudy) (name: string) (batch: int) (task: int) =
    match Submission.tryRead study.Store.Folder study.Sweep.Name with
    | Some submission when submission.Batches |> List.exists (fun known -> known.Number = batch && task < known.Tasks.Length) ->
        Submission.noteRunning study.Store study.Sweep.Name batch task (node ())
        let isWanted = Submission.watch study.Store.Folder study.Sweep.Name
        let cells = ordered submission batch task study.Graphs.Head
        let there = HashSet [ for graph in study.Graphs.Head -> graph.Key.Hex ]

        let unknown =
            [ for known in submission.Batches do
                  if known.Number = batch then yield! known.Tasks[task] ]
            |> List.filter (there.Contains >> not)

        if not unknown.IsEmpty then
            study.Tell(
                StudyWarning
                    $"{unknown.Length} cells of this task are not as they were submitted: the script, its data or Falcon have changed since; submit the study again"
            )

        let mutable hasProgressed = false

        try
            StudyWorkers.share study cells (fun graph -> isWanted graph.Key.Hex) (fun progress -> if progress then hasProgressed <- true)
        with :? OperationCanceledException ->
            goOnLater hasProgressed
            reraise ()
    | _ -> raise (unknown name)

/// Why a cell of a study that was submitted has no result.
let private whyMissing
    (submission: Submission option)
    (states: IReadOnlyDictionary<string, SubmittedState>)
    (graph: CellGraph.CellGraph)
    : CellFailure =
    let id = Cell.id graph.Cell

    let reason =
        match submission, states.TryGetValue id with
        | Some _, (true, SubmittedState.Left reason) -> reason
        | Some _, (true, SubmittedState.Running(task, node)) -> $"task {task} on {node} still computes it"
        | Some _, (true, SubmittedState.Waiting reason) -> reason
        | _ -> "it has not been submitted"

    { Message = $"not computed: {reason}"
      Story = $"No result of {id} was there when the report was written: {reason}." }

/// What there is of a study, for its report; the run index is made anew where this is the last job.
let gather (isLast: bool) (study: OpenStudy) =
    let submission = Submission.tryRead study.Store.Folder study.Sweep.Name

    let states =
        match submission with
        | None -> dict []
        | Some submission ->
            let queue =
                try
                    Some(SlurmCommands.queue [ Submission.jobName submission.Study ])
                with :? InvalidInputException ->
                    None

            dict [ for cell in SubmittedCells.states study.Store submission queue -> cell.Id, cell.State ]

    let result = StudyWorkers.gather study (whyMissing submission (Dictionary states))

    if isLast then RunIndex.rebuild study.Store |> ignore

    result
