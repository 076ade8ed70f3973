/// SLURM's own commands.
module internal Falcon.Experiments.SlurmCommands

open System
open System.ComponentModel
open System.Diagnostics
open Falcon

/// A job as the queue shows it.
type QueuedJob =
    {
        /// The job; that of the array, of an array's element.
        Job: string
        /// The element of an array.
        Element: int option
        /// PENDING, RUNNING, COMPLETED, …
        State: string
        /// Where it runs.
        Node: string
        /// Why it waits.
        Reason: string
    }

    /// Whether it runs, or will.
    member this.IsAlive =
        match this.State with
        | "PENDING"
        | "RUNNING"
        | "CONFIGURING"
        | "COMPLETING"
        | "SUSPENDED"
        | "STOPPED"
        | "REQUEUED"
        | "REQUEUE_HOLD"
        | "REQUEUE_FED"
        | "SPECIAL_EXIT"
        | "RESIZING"
        | "SIGNALING"
        | "STAGE_OUT" -> true
        | _ -> false

let private noController = "See whether the cluster's controller is there: scontrol ping."

let private patience = TimeSpan.FromSeconds 60.0

type private Answer = { Code: int; Out: string; Error: string }

let private ask (program: string) (arguments: string list) =
    let info = ProcessStartInfo(program, arguments, RedirectStandardOutput = true, RedirectStandardError = true)

    try
        use running = nonNull (Process.Start info)
        let out, error = running.StandardOutput.ReadToEndAsync(), running.StandardError.ReadToEndAsync()

        if not (running.WaitForExit patience) then
            running.Kill()

            raise (InvalidInputException($"did not answer within {patience.TotalSeconds:F0} s", program, noController))

        { Code = running.ExitCode; Out = out.Result; Error = error.Result }
    with :? Win32Exception ->
        raise (
            InvalidInputException(
                "there is no such command on PATH",
                program,
                "Do this on a machine of the cluster where jobs are submitted (a login node), or put SLURM's commands on PATH."
            )
        )

/// What a command said, in one line.
let private words (answer: Answer) =
    let lines =
        $"{answer.Error}\n{answer.Out}".Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)

    String.Join("; ", lines)

let private demand program arguments fix =
    let answer = ask program arguments

    if answer.Code <> 0 then
        raise (InvalidInputException($"says: {words answer}", program, fix))

    answer.Out

/// Submits the job of a file; its number.
let submit (file: string) (options: string list) =
    let out =
        demand
            "sbatch"
            ([ "--parsable" ] @ options @ [ file ])
            "Ask for what the cluster has: 'sinfo' shows partitions, time limits and nodes; --sbatch passes further options on."

    // Of several clusters the name of one follows.
    let line = out.Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries) |> Array.last
    line.Split(';')[0]

/// The jobs of some names that are in the queue, whoever submitted them, those that ended lately included. An array counts by elements.
let queue (names: string list) =
    let fields = "%F|%K|%T|%N|%r"

    let out =
        demand
            "squeue"
            [ "--noheader"; "--array"; "--states=all"; $"""--name={String.Join(',', names)}"""; $"--format={fields}" ]
            noController

    [ for line in out.Split('\n', StringSplitOptions.RemoveEmptyEntries) do
          match line.Trim().Split('|', 5) with
          | [| job; element; state; node; reason |] ->
              { Job = job
                Element =
                  match Int32.TryParse element with
                  | true, number -> Some number
                  | false, _ -> None
                State = state
                Node = node
                Reason = reason }
          | _ -> () ]

/// Cancels jobs, or elements of arrays: `123`, `123_4`. Those that are over already do not matter.
let cancel (jobs: string list) =
    // A command line has a limit.
    for some in List.chunkBySize 500 jobs do
        ask "scancel" ("--quiet" :: some) |> ignore

/// The state of one job; none when it is not known.
let stateOf (job: string) =
    let answer = ask "squeue" [ "--noheader"; $"--jobs={job}"; "--format=%T" ]
    if answer.Code = 0 && answer.Out.Trim() <> "" then Some(answer.Out.Trim()) else None

/// Puts a running job back into the queue; what SLURM says when it does not.
let requeue (job: string) =
    let answer = ask "scontrol" [ "requeue"; job ]
    if answer.Code = 0 then None else Some(words answer)

let private settings =
    lazy
        (Map
            [ let told = demand "scontrol" [ "show"; "config" ] noController

              for line in told.Split '\n' do
                  match line.Split('=', 2) with
                  | [| name; value |] -> name.Trim(), value.Trim()
                  | _ -> () ])

/// The most elements that an array may have.
let largestArray () =
    match Map.tryFind "MaxArraySize" settings.Value |> Option.map Int32.TryParse with
    | Some(true, size) -> max 1 size
    | _ -> 1001

/// Whether every node of the cluster is this machine.
let isThisMachine () =
    let answer = ask "sinfo" [ "--noheader"; "--Node"; "--format=%o" ]
    let own = [ "localhost"; "127.0.0.1"; "::1"; Environment.MachineName ]

    answer.Code = 0
    && answer.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries ||| StringSplitOptions.TrimEntries)
       |> Array.forall (fun address -> List.contains address own)
