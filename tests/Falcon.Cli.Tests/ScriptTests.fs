/// Scripts as the command compiles and runs them.
module Falcon.Cli.Tests.ScriptTests

open System.IO
open Expecto
open Falcon
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Falcon.Tests

let private references = [ for name in [ "Falcon.Core"; "Falcon.Reports"; "Falcon.Experiments" ] -> $"#r \"{name}.dll\"" ]

/// A script with an experiment of these operations.
let private experiment (operations: string list) =
    String.concat
        "\n"
        [ yield! references
          "open Falcon.Experiments"
          "let study ="
          "    experiment \"x\" {"
          for operation in operations do
              "        " + operation
          "    }" ]

let private compile script = ScriptCompiler.compile ignore script

/// What is wrong with a script, without its folder.
let private faults (folder: Scratch.Folder) (text: string) =
    let script = folder.File "study.fsx"
    File.WriteAllText(script, text)
    (raised<InvalidInputException>(fun () -> compile script |> ignore)).Findings |> List.ofSeq

/// A script beside data of a few drawn parts.
let private scriptOf (folder: Scratch.Folder) (study: string) =
    DrawnDataSet.Write(folder.File "data", DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))
    let script = folder.File "study.fsx"
    let opening = "#r \"Falcon.Core.dll\"\n#r \"Falcon.Experiments.dll\"\nopen Falcon.Experiments\nopen Falcon.Methods\n\n"
    File.WriteAllText(script, opening + study)
    script

[<Tests>]
let tests =
    testList
        "Scripts"
        [ test "an operation that an experiment does not have is named where it stands, with the one that was meant" {
              use folder = new Scratch.Folder()

              for operations, line, word, meant in
                  [ [ "data Data.drawn"; "shot [ 1 ]"; "seeds [ 0 ]" ], 8, "shot", "shots"
                    [ "dataset [ Data.drawn ]" ], 7, "dataset", "dataSets"
                    [ "metric [ ImageAuroc ]"; "data Data.drawn"; "shots [ 1 ]" ], 7, "metric", "metrics" ] do
                  let fault = faults folder (experiment operations) |> List.exactlyOne
                  Expect.stringEnds fault.Where $"study.fsx({line},9)" word
                  Expect.equal fault.What $"'{word}' is no operation of an experiment" word
                  Expect.stringStarts fault.Fix $"Did you mean '{meant}'?" word
          }
          test "an error has its file, line and column, and says what was expected" {
              use folder = new Scratch.Folder()
              let fault = faults folder (experiment [ "data Data.drawn"; "metrics ImageAuroc" ]) |> List.exactlyOne
              Expect.stringEnds fault.Where "study.fsx(8,17)" "where"
              Expect.isFalse (fault.What.Contains '\n') "what is one line"
              Expect.stringContains fault.What "was expected to have type" "what"
          }
          test "a script that refers to a package is told of dotnet fsi" {
              use folder = new Scratch.Folder()
              let fault = faults folder "#r \"nuget: Some.Package\"\nprintfn \"\"" |> List.exactlyOne
              Expect.stringContains fault.Fix "dotnet fsi" "fix"
          }
          test "a script may load another of its own name" {
              use folder = new Scratch.Folder()
              let script, loaded = folder.File "study.fsx", folder.File "shared/study.fsx"
              Directory.CreateDirectory(folder.File "shared") |> ignore
              File.WriteAllText(loaded, "let part = 1")

              File.WriteAllText(
                  script,
                  "#load \"shared/study.fsx\"\nif Study.part <> 1 || __SOURCE_FILE__ <> \"study.fsx\" then\n    failwith __SOURCE_FILE__"
              )

              let sources, compiled = compile script
              Expect.equal sources [ loaded; script ] "sources"
              Expect.equal (CompiledScript.run compiled []) 0 "exit code"
          }
          test "a compiled script is found again until it, or a file that it loads, is another" {
              use folder = new Scratch.Folder()
              let cache = folder.File "cache"
              let script, loaded = folder.File "study.fsx", folder.File "part.fsx"
              File.WriteAllText(loaded, "let part = 1")
              File.WriteAllText(script, "#load \"part.fsx\"\nPart.part |> ignore")
              let sources, compiled = compile script
              Expect.equal sources [ loaded; script ] "sources"
              ScriptCache.keep cache script sources compiled
              Expect.equal (ScriptCache.tryFind cache script) (Some compiled) "unchanged"

              File.WriteAllText(loaded, "let part = 2")
              Expect.isNone (ScriptCache.tryFind cache script) "another part"
              File.WriteAllText(loaded, "let part = 1")
              File.AppendAllText(script, "\n")
              Expect.isNone (ScriptCache.tryFind cache script) "another script"

              File.WriteAllText(script, "#load \"part.fsx\"\nPart.part |> ignore")

              let assembly =
                  Directory.GetFiles(cache, "*", SearchOption.AllDirectories) |> Array.maxBy (fun file -> FileInfo(file).Length)

              File.WriteAllBytes(assembly, File.ReadAllBytes assembly |> Array.truncate 100)
              Expect.isNone (ScriptCache.tryFind cache script) "a truncated assembly"
          }
          test "options behind a script's name reach its studies, whatever runtime they name, and others are refused" {
              use folder = new Scratch.Folder()

              let script =
                  scriptOf
                      folder
                      $"""experiment "plain" {{
    data (Data.at @"{folder.File "data"}" |> Data.categories [ "fabric" ])
    shots [ 2 ]
    seeds [ 0; 1 ]
    methods [ PatchCoreOptions(InputSize = 64) ]
}}
|> Study.run Runtime.local
|> Report.write @"{folder.File "report"}" [ Table.summary ]
|> ignore
"""

              let start words = Command.start [ "XDG_CACHE_HOME", folder.File "cache" ] words |> Command.finish
              let cells = folder.File "store/results/plain/cells"
              let options = $"""--only *-seed1 --store {folder.File "store"}"""

              let planned = start $"plan {script} {options}"
              Expect.equal planned.ExitCode ExitCode.Fine planned.Error
              Expect.stringContains planned.Out "1 cell: 0 hit, 1 run" "plan"
              Expect.isFalse (Directory.Exists cells) "a plan computes nothing"

              let refused = start $"run {script} --epochs 3 --data d"
              Expect.equal refused.ExitCode ExitCode.InvalidInput "exit code"
              Expect.stringContains refused.Error "error: --epochs: there is no such option" "an unknown option"
              Expect.stringContains refused.Error "error: --data: this script does not read it" "an option that only Script.run reads"

              File.WriteAllText(
                  folder.File "own.fsx",
                  (File.ReadAllText script)
                      .Replace("experiment ", "Script.run fsi.CommandLineArgs (fun _ ->\n experiment ")
                      .Replace("\n}", "\n }")
                      .Replace("\n|>", "\n |>")
                      .Replace("|> ignore", ")")
              )

              let refused = start $"""run {folder.File "own.fsx"} --quick {options}"""
              Expect.equal refused.ExitCode ExitCode.InvalidInput refused.Error

              Expect.stringContains
                  refused.Error
                  "error: --quick: this script does not read it"
                  "an option that the script does not ask for"

              let two = folder.File "two.fsx"
              let text = File.ReadAllText script

              let first =
                  text.Substring(text.IndexOf "experiment").Replace("\"plain\"", "\"first\"").Replace("shots [ 2 ]", "shots [ 1 ]")

              File.WriteAllText(two, text.Replace("experiment \"plain\"", first + "experiment \"plain\""))
              let planned = start $"plan {two} --only *-2shot-*"
              Expect.stringContains planned.Out "first: none of its cells is selected" "the first study"
              Expect.stringContains planned.Out "2 cells: 0 hit, 2 run" "a plan of the second study"
              let refused = start $"plan {two} --only *-3shot-*"
              Expect.equal refused.ExitCode ExitCode.InvalidInput refused.Out
              Expect.stringContains refused.Error "error: study first: no cell has such a name: *-3shot-*" "cells of no study"

              let planned = start $"run {script} {options} --plan --json"
              Expect.stringStarts planned.Out "{\"study\":\"plain\"" "a plan as JSON"
              Expect.isFalse (Directory.Exists(folder.File "report")) "a plan writes no report"

              let ran = start $"run {script} {options} --workers 1 --quiet"
              Expect.equal (ran.ExitCode, ran.Out) (ExitCode.Fine, "") ran.Error
              Expect.hasLength (Directory.GetDirectories cells) 1 "cells"
              Expect.isTrue (Directory.Exists(folder.File "report-subset")) "report"
          }
          test "a script that is told to end leaves a checkpoint and no process, and its plan says where it goes on" {
              use folder = new Scratch.Folder()

              let script =
                  scriptOf
                      folder
                      $"""experiment "endless" {{
    data (Data.at @"{folder.File "data"}" |> Data.categories [ "fabric" ])
    shots [ 2 ]
    seeds [ 0 ]
    methods [ FalconOptions(InputSize = 64, Epochs = 100000) ]
    teacher Teacher.random
}}
|> Study.run Runtime.local
|> ignore
"""

              let start verb =
                  Command.start [ "XDG_CACHE_HOME", folder.File "cache" ] $"""{verb} {script} --verbose --store {folder.File "store"}"""

              use running = start "run"

              let rec awaitEpoch () =
                  match running.StandardOutput.ReadLine() with
                  | null -> failwith "The study ended by itself."
                  | line when line.Contains "epoch 3/" -> ()
                  | _ -> awaitEpoch ()

              awaitEpoch ()
              Command.signal "TERM" running
              let outcome = Command.finish running
              Expect.equal outcome.ExitCode 143 outcome.Error
              Expect.stringContains outcome.Error "the same command continues" "message"
              Expect.stringContains (start "plan" |> Command.finish).Out "continues at epoch " "plan"
          } ]
