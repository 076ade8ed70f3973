namespace Falcon.Experiments

open System.Collections.Generic
open Falcon.Experiments.Stages
open Falcon.Experiments.Store

/// How far a cell is that was handed to SLURM.
[<RequireQualifiedAccess>]
type SubmittedState =
    /// A task will compute it; why none does so yet.
    | Waiting of reason: string
    /// A task computes it: `123_4`, or a process that is no task.
    | Running of task: string * node: string
    /// Its result is there.
    | Done
    /// It failed.
    | Failed of message: string
    /// No task is left that would compute it: those that had it have ended or were cancelled, or it was left out.
    | Left of reason: string

/// A cell that was handed to SLURM.
type SubmittedCell = { Id: string; State: SubmittedState }

/// Looks at the store and the queue.
module internal SubmittedCells =
    /// The tasks of a study that run or wait, by batch and number.
    let private alive (submission: Submission) (queue: SlurmCommands.QueuedJob list) =
        let byJob = Dictionary<string, Batch>()

        for batch in submission.Batches do
            if batch.Job <> "" then byJob[batch.Job] <- batch

        Map
            [ for job in queue do
                  match job.Element, byJob.TryGetValue job.Job with
                  | Some element, (true, batch) when job.IsAlive -> (batch.Number, element), job
                  | _ -> () ]

    /// The tasks that run or wait.
    let liveTasks submission queue = alive submission queue

    let private isDone (store: Store) key =
        match ActionCache.tryRead store.Folder Recording.Name key with
        | Ok entry -> (Store.probe store entry.Call).IsOk
        | Error _ -> false

    /// How far each cell is; `queue` is none where there is no SLURM to ask.
    let states (store: Store) (submission: Submission) (queue: SlurmCommands.QueuedJob list option) : SubmittedCell list =
        let live = queue |> Option.map (alive submission) |> Option.defaultValue Map.empty
        let sessions = Submission.tasksBySession store.Folder submission.Study

        // A cell of a task that is gone is in a later one, too: the one that lives counts, else the last.
        let taskOf = Dictionary<string, Batch * int>()

        for batch in submission.Batches do
            for number, keys in List.indexed batch.Tasks do
                for key in keys do
                    match taskOf.TryGetValue key with
                    | true, (known, other) when live.ContainsKey(known.Number, other) -> ()
                    | _ -> taskOf[key] <- (batch, number)

        let running (key: Key) =
            Lock.holder store.Folder (Lock.path store.Folder key.Hex)
            |> Option.map (fun owner ->
                match Map.tryFind owner.Id sessions with
                | Some(batch, task, node) ->
                    let job = submission.Batches |> List.tryFind (fun known -> known.Number = batch) |> Option.map _.Job
                    SubmittedState.Running($"{defaultArg job (string batch)}_{task}", node)
                | None -> SubmittedState.Running(Owner.describe owner, owner.Host))

        let waiting key =
            let why (job: SlurmCommands.QueuedJob) =
                match job.State, job.Reason with
                | "PENDING", ("None" | "") -> "its task is in the queue"
                | "PENDING", reason -> $"its task is in the queue: {reason}"
                | "RUNNING", _ -> $"behind other cells of its task, which runs on {job.Node}"
                | state, _ -> $"its task is {state.ToLowerInvariant()}"

            match taskOf.TryGetValue key with
            | true, (batch, number) ->
                match Map.tryFind (batch.Number, number) live with
                | Some job -> SubmittedState.Waiting(why job)
                | None when not live.IsEmpty -> SubmittedState.Waiting "its task has ended; another one takes it when it is free"
                | None when queue.IsNone -> SubmittedState.Waiting "the queue cannot be asked from here"
                | None ->
                    let log = Submission.log store.Folder submission.Study batch.Number number
                    SubmittedState.Left $"its task has ended or was cancelled; {log} may say why"
            | false, _ -> SubmittedState.Left "it has not been submitted"

        [ for id, text in submission.Cells ->
              let state =
                  match Key.tryParse text with
                  | None -> SubmittedState.Left "it has not been submitted"
                  | Some key when isDone store key -> SubmittedState.Done
                  | Some key ->
                      match Failures.tryFind store key, running key with
                      | _, Some running -> running
                      | Some failure, None -> SubmittedState.Failed failure.Message
                      | None, None -> waiting text

              { Id = id; State = state } ]
