/// Studies in the hands of SLURM.
module Falcon.Cli.SubmitVerbs

open System
open Argu
open Falcon
open Falcon.Experiments

[<RequireQualifiedAccess>]
type SubmitArgument =
    | [<EqualsAssignmentOrSpaced>] Tasks of count: int
    | [<EqualsAssignmentOrSpaced>] Time of time: string
    | [<EqualsAssignmentOrSpaced>] Partition of name: string
    | [<EqualsAssignmentOrSpaced>] Gpus of count: int
    | [<EqualsAssignmentOrSpaced>] Sbatch of option: string
    | After_Ok
    | Dry_Run

    interface IArgParserTemplate with
        member this.Usage =
            match this with
            | Tasks _ ->
                "in how many tasks; without it, as many as give each about a quarter of its time to do, at most an hour, by the expected times of the cells"
            | Time _ ->
                "how long a task may run: 30 (minutes), 4:00:00 (default), 1-12:00:00; it leaves a checkpoint before, and goes on later"
            | Partition _ -> "the partition; without it, the cluster's default"
            | Gpus _ -> "GPUs of each task, on which cells are computed"
            | Sbatch _ -> "a further option of sbatch, for example --sbatch=--mem=16G; repeat it for several"
            | After_Ok -> "the job that writes the report waits for tasks that all succeed; otherwise for their end"
            | Dry_Run -> "print the files for sbatch instead of submitting them"

type StudyArgument =
    | [<MainCommand; Unique>] Study of name: string

    interface IArgParserTemplate with
        member _.Usage = "the study's name; without it, the only one that was submitted from this store"

let private program = "falcon submit SCRIPT.fsx"

let private valued, flags = [ "--tasks"; "--time"; "--partition"; "--gpus"; "--sbatch" ], [ "--after-ok"; "--dry-run" ]

/// The words that are options of submitting, with their values, and the others.
let private separate (words: string list) =
    let rec next words =
        match words with
        | [] -> [], []
        | (word: string) :: value :: rest when List.contains word valued ->
            let own, others = next rest
            // A value may begin with hyphens.
            $"{word}={value}" :: own, others
        | word :: rest when List.contains (word.Split('=', 2)[0]) (valued @ flags) ->
            let own, others = next rest
            word :: own, others
        | word :: rest ->
            let own, others = next rest
            own, word :: others

    next words

/// How the words change what SLURM is asked for; every fault is a finding.
let private changeOf (read: ParseResults<SubmitArgument>) (workers: int option) =
    let time =
        match read.TryGetResult SubmitArgument.Time with
        | None -> Ok None
        | Some text ->
            match Slurm.tryParseTime text with
            | Some time -> Ok(Some time)
            | None ->
                let fix = "Write it as SLURM does: 30 (minutes), 4:00:00 (hours), 1-12:00:00 (days and hours)."
                Error(Finding($"'{text}' is no time", "--time", fix))

    match time with
    | Error finding -> raise (InvalidInputException [| finding |])
    | Ok time ->
        fun (slurm: Slurm) ->
            { slurm with
                Tasks = read.TryGetResult SubmitArgument.Tasks |> Option.orElse slurm.Tasks
                Time = time |> Option.defaultValue slurm.Time
                Partition = read.TryGetResult SubmitArgument.Partition |> Option.orElse slurm.Partition
                Gpus = read.GetResult(SubmitArgument.Gpus, slurm.Gpus)
                WorkersPerTask = workers |> Option.defaultValue slurm.WorkersPerTask
                Sbatch = slurm.Sbatch @ read.GetResults SubmitArgument.Sbatch
                AfterOk = slurm.AfterOk || read.Contains SubmitArgument.After_Ok }

/// The number behind the last --workers: cells that a task computes at a time.
let private workersOf (words: string list) =
    [ for word, next in List.pairwise (words @ [ "" ]) do
          if word = "--workers" then next
          elif word.StartsWith "--workers=" then word.Substring 10 ]
    |> List.tryLast
    |> Option.bind (fun text ->
        match Int32.TryParse text with
        | true, count -> Some count
        | false, _ -> None)

let private usage () =
    CommandArguments.usage<SubmitArgument> program
    + "\n\nOther options are those of 'falcon run', and the script's own; --workers is how many cells a task computes at a time (1).\n"
    + "'falcon submit status' and 'falcon submit cancel' go on from there."

/// Options that are nearly one of submitting's; the script knows nothing of these.
let private misspelt (words: string list) =
    [ for word in words do
          let name = word.Split('=', 2)[0]

          if name.StartsWith "--" then
              match NearestName.find (valued @ flags) name with
              | Some meant -> Finding("there is no such option", name, $"Did you mean '{meant}'?")
              | None -> () ]

let private submitAs session script words =
    let own, others = separate words

    match misspelt others with
    | [] -> ()
    | findings -> raise (InvalidInputException(Array.ofList findings))

    match CommandArguments.read<SubmitArgument> program [] own with
    | Error findings -> raise (InvalidInputException(Array.ofList findings))
    | Ok read ->
        let change = changeOf read (workersOf others)

        match Slurm.check (change Slurm.defaults) with
        | [] -> ()
        | findings -> raise (InvalidInputException(Array.ofList findings))

        RunVerb.runFor (ScriptPurpose.Submit(change, read.Contains SubmitArgument.Dry_Run)) session (script :: others)

let private submit (session: Session) (arguments: string list) =
    if List.exists CommandArguments.isHelp arguments.Tail then
        session.Out.WriteLine(usage ())
        ExitCode.Fine
    else
        submitAs session arguments.Head arguments.Tail

let private folder (session: Session) = session.Options.Store |> Option.defaultWith (fun () -> Store.Store.location ".")

/// The study that is meant.
let private named session (arguments: ParseResults<StudyArgument>) =
    match arguments.TryGetResult Study, Submissions.names (folder session) with
    | Some name, _ -> name
    | None, [ only ] -> only
    | None, [] ->
        raise (
            InvalidInputException(
                "no study has been submitted from this store",
                folder session,
                "Hand one over with 'falcon submit SCRIPT.fsx', or name its store with --store."
            )
        )
    | None, several ->
        raise (InvalidInputException("several studies have been submitted", folder session, $"""Name one: {String.Join(", ", several)}."""))

let private words state =
    match state with
    | SubmittedState.Waiting reason -> "waiting", "", "", reason
    | SubmittedState.Running(task, node) -> "running", task, node, ""
    | SubmittedState.Done -> "done", "", "", ""
    | SubmittedState.Failed message -> "failed", "", "", message
    | SubmittedState.Left reason -> "left", "", "", reason

let private show (session: Session) (status: SubmittedStudy) =
    let waiting, running, finished, failed, left = status.Counts

    if session.Options.Json then
        Json.object
            [ "study", Json.text status.Study
              "folder", Json.text status.Folder
              "jobs", Json.array (List.map Json.text status.Jobs)
              "queueProblem", Json.text (Option.toObj status.QueueProblem)
              "cells",
              Json.array
                  [ for cell in status.Cells ->
                        let state, task, node, detail = words cell.State
                        let some text = Json.text (if text = "" then null else text)

                        Json.object
                            [ "id", Json.text cell.Id
                              "state", Json.text state
                              "task", some task
                              "node", some node
                              "detail", some detail ] ] ]
        |> Json.write session
    else
        ConsoleTable.write
            session
            [ Left "cell"; Left "state"; Left "task"; Left "node"; Left "detail" ]
            [ for cell in status.Cells ->
                  let state, task, node, detail = words cell.State
                  [ cell.Id; state; task; node; detail ] ]

        session.Out.WriteLine
            $"{status.Study}: {status.Cells.Length} cells: {finished} done, {running} running, {waiting} waiting, {failed} failed, {left} left"

        if not status.Jobs.IsEmpty then
            session.Out.WriteLine $"""jobs {String.Join(", ", status.Jobs)}; logs in {status.Folder}"""

        match status.QueueProblem with
        | Some problem -> Session.warn session $"the queue could not be asked, so that this is what the store says: {problem}"
        | None -> ()

        if left > 0 then
            session.Out.WriteLine "what is left is computed when the study is submitted again"

    if failed > 0 || left > 0 then ExitCode.SomeFailed else ExitCode.Fine

let all =
    [ Verb.createForwarding
          "submit"
          "hands a study's script to SLURM: tasks on the shared store, and a job that writes the report"
          "falcon submit experiments/first-run.fsx --dry-run"
          usage
          submit
      Verb.create
          "submit status"
          "says of each cell of a submitted study whether it waits, runs (where), is done or has failed"
          "falcon submit status first-run"
          [ CommonOption.Json; CommonOption.Store ]
          (fun session arguments -> show session (Submissions.status (folder session) (named session arguments)))
      Verb.create
          "submit cancel"
          "cancels the jobs of a submitted study; what is finished stays, trainings leave a checkpoint"
          "falcon submit cancel first-run"
          [ CommonOption.Json; CommonOption.Store ]
          (fun session arguments -> show session (Submissions.cancel (folder session) (named session arguments))) ]
