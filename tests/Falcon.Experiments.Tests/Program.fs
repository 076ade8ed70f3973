module Falcon.Experiments.Tests.Program

open Xunit.Runner.InProc.SystemConsole

[<EntryPoint>]
let main arguments =
    match List.ofArray arguments with
    | "child" :: child ->
        Children.run child
        0
    | _ -> ConsoleRunner.Run(arguments).GetAwaiter().GetResult()
