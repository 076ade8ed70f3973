module Falcon.Cli.RunVerb

open System
open System.IO
open Falcon
open Falcon.Experiments

let private compiled session (script: string) =
    let cache = ScriptCache.location ()

    match ScriptCache.tryFind cache script with
    | Some compiled -> compiled
    | None ->
        let sources, compiled = ScriptCompiler.compile (Session.warn session) script
        ScriptCache.keep cache script sources compiled
        compiled

/// Runs a script in this process for some purpose. It ends with its own code where it says `exit`, as Script.run does.
let runFor purpose session arguments : int =
    let script: string = List.head arguments

    if not (File.Exists script) then
        raise (
            InvalidInputException(
                "there is no such script",
                script,
                "Give the path of an .fsx file, for example experiments/first-run.fsx."
            )
        )

    let compiled = compiled session (Path.GetFullPath script)
    HostedScript.start purpose arguments

    // What is no study cannot be asked to stop.
    use _ = session.Cancellation.Register(fun () -> if Interruption.Listeners < 2 then exit Interruption.ExitCode)

    try
        match CompiledScript.run compiled (List.tail arguments) with
        | ExitCode.Fine when HostedScript.finish () -> ExitCode.SomeFailed
        | code -> code
    with
    | :? InvalidInputException
    | :? OperationCanceledException -> reraise ()
    | error ->
        UnforeseenEnd.tellOfScript session.Error script error
        ExitCode.SomeFailed

let private usage (name: string) () =
    $"""USAGE: falcon {name} SCRIPT.fsx [ARGUMENTS]

Options of the runtime (--workers, --only, --store, --quiet, …) reach every study of the script; other arguments are the script's own:
falcon {name} SCRIPT.fsx --help"""

let all =
    [ Verb.createForwarding "run" "runs a study's script" "falcon run experiments/first-run.fsx" (usage "run") (runFor ScriptPurpose.Run)
      Verb.createForwarding
          "plan"
          "shows what running a study's script would do, and why"
          "falcon plan experiments/first-run.fsx"
          (usage "plan")
          (runFor ScriptPurpose.Plan) ]
