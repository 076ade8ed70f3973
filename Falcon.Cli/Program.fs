module Falcon.Cli.Program

open System
open System.IO
open Falcon
open Falcon.Experiments

/// Neither relative paths nor the computing libraries work there.
let private currentFolderIsGone () =
    try
        Directory.GetCurrentDirectory() |> ignore
        false
    with
    | :? FileNotFoundException
    | :? DirectoryNotFoundException -> true

[<EntryPoint>]
let main arguments =
    let out = UnfailingWriter.OfStandard(1, (fun () -> Console.Out))
    Console.SetError(UnfailingWriter.OfStandard(2, (fun () -> Console.Error)))
    Console.SetOut out
    use interruption = new Interruption()
    let session = Session.ofProcess interruption.Token

    if currentFolderIsGone () then
        session.Error.WriteLine "error: the folder in which the command was started no longer exists\n  fix: Go to another folder: cd."
        ExitCode.InvalidInput
    else
        CommandLine.watch Verbs.all session arguments
        let code = CommandLine.run Verbs.all session arguments
        session.Out.Flush()

        match out.Fault with
        | null -> code
        | reason ->
            Findings.write
                session.Error
                [ Finding(
                      $"not all could be printed ({reason})",
                      "standard output",
                      "Print to a place that takes it. Files that the command has written are whole."
                  ) ]

            if code = ExitCode.Fine then ExitCode.SomeFailed else code
