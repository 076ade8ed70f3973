/// How every test program runs its tests: one line for each that failed or was skipped, and the numbers of all at the end.
module Falcon.Tests.Runner

open System
open System.Reflection
open Expecto
open Expecto.Impl

/// What runs and checks the tests: no test stands there.
let private frames = [ "Expecto."; "Falcon.Tests.Expectations."; "FsCheck."; "Microsoft.FSharp.Control."; "System.Lazy" ]

/// A failure without the frames of the runner itself.
let private essential (message: string) =
    message.Split '\n'
    |> Array.filter (fun line -> not (frames |> List.exists (fun frame -> line.StartsWith $"   at {frame}")))
    |> String.concat "\n"
    |> _.Trim()

let private say (text: string) = async { lock Console.Out (fun () -> Console.Out.WriteLine text) }
let private seconds (time: TimeSpan) = $"{time.TotalSeconds:f1} s"

let private printers =
    { TestPrinters.silent with
        ignored = fun name reason -> say $"skipped: {name}: {reason}"
        failed = fun name message time -> say $"failed: {name} ({seconds time})\n{essential message}\n"
        exn = fun name error time -> say $"failed: {name} ({seconds time})\n{essential (string error)}\n"
        summary =
            fun _ summary ->
                let failed = summary.failed.Length + summary.errored.Length
                let time = $"{summary.duration.TotalSeconds:f0} s"
                say $"{summary.passed.Length} passed, {failed} failed, {summary.ignored.Length} skipped in {time}" }

/// Lists of tests that the runner would not find.
let private forgotten (program: Assembly) =
    [ for file in program.GetTypes() do
          for value in file.GetProperties(BindingFlags.Static ||| BindingFlags.Public) do
              if value.PropertyType = typeof<Test> && not (Attribute.IsDefined(value, typeof<TestsAttribute>)) then
                  $"{file.FullName}.{value.Name}" ]

/// Runs every list marked [<Tests>] of the program, as its arguments say (--help lists them). 0 when none fails.
let run (arguments: string array) : int =
    match forgotten (nonNull (Assembly.GetEntryAssembly())) with
    | [] -> runTestsInAssemblyWithCLIArgs [ CLIArguments.No_Spinner; CLIArguments.Colours 0; CLIArguments.Printer printers ] arguments
    | lists ->
        let names = String.concat ", " lists
        eprintfn $"These lists of tests lack [<Tests>] and would never run: {names}"
        1
