module Falcon.Cli.Program

open System
open System.IO
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
    Console.SetError(new UnfailingWriter(Console.Error))
    use interruption = new Interruption()
    let session = Session.ofProcess interruption.Token

    if currentFolderIsGone () then
        session.Error.WriteLine "error: the folder in which the command was started no longer exists\n  fix: Go to another folder: cd."
        ExitCode.InvalidInput
    else
        CommandLine.watch Verbs.all session arguments
        CommandLine.run Verbs.all session arguments
