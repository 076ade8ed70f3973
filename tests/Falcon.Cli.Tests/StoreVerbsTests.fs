module Falcon.Cli.Tests.StoreVerbsTests

open System
open System.IO
open System.Text.Json
open System.Threading
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Falcon.Experiments
open Falcon.Methods
open Expecto

let private silent =
    { new IProgress<StudyEvent> with
        member _.Report _ = () }

/// Two cells of one epoch on a small drawn category; the folder of the store.
let private prepare (folder: Scratch.Folder) =
    DrawnDataSet.Write(folder.File "parts", DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))
    let store = folder.File "store"

    let runtime = { Runtime.local with Verbosity = Verbosity.Quiet; Store = Some store }

    let study =
        experiment "tiny" {
            data (Data.at (folder.File "parts") |> Data.categories [ "fabric" ])
            shots [ 2 ]
            seeds [ 0; 1 ]
            methods [ FalconOptions(Epochs = 1, InputSize = 64) ]
            teacher Teacher.random
        }

    Study.runWith silent CancellationToken.None runtime study |> ignore
    store

let private id seed = $"parts-fabric-falcon+epochs=1+inputSize=64-2shot-seed{seed}"

let private succeed words =
    let outcome = Command.run words
    Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
    outcome.Out

let private json words = JsonDocument.Parse(succeed words).RootElement

[<Tests>]
let tests =
    testList
        "Store verbs"
        [ test "cells that have run are listed, shown, compared and exported" {
              use folder = new Scratch.Folder()
              let store = prepare folder
              let listed = succeed $"runs ls --store {store}"
              Expect.stringContains listed (id 0) "listed"
              Expect.stringContains listed "Image AUROC" "listed"
              Expect.stringContains listed "tiny" "the study of each cell"

              for name, count in [ "*seed1", 1; id 0, 1; (id 0)[..8], 2; "seed1", 0 ] do
                  Expect.equal ((json $"runs ls {name} --study tiny --store {store} --json").GetArrayLength()) count name

              Expect.stringContains (Command.run $"runs ls --study tinny --store {store}").Error "Did you mean 'tiny'?" "no such study"
              Expect.stringContains (succeed $"runs show *seed1 --store {store}") (id 1) "a pattern"
              Expect.stringContains (succeed $"runs show {id 0} --store {store}") "prepar" "succeed"
              Expect.equal (string ((json $"runs show {id 0} --store {store} --json").GetProperty "key")).Length 64 "number of json key"
              Expect.stringStarts (succeed $"runs logs {id 0} --store {store}") "epoch 1: " "succeed"

              let differences =
                  [ for difference in (json $"runs diff {id 0} {id 1} --store {store} --json").EnumerateArray() ->
                        string (difference.GetProperty "what") ]

              Expect.contains differences "training.seed" "differences"
              Expect.isFalse (differences |> Seq.contains "training.method.epochs") "differences"
              Expect.isFalse (differences |> Seq.contains "provenance.WallSeconds") "what each run took"
              Expect.equal ((succeed $"runs diff {id 0} {id 0} --store {store}").Trim()) "nothing differs" "succeed"
              Expect.equal ((succeed $"runs reindex --store {store}").Trim()) "2 cells" "succeed"

              let model = folder.File "fabric.falcon"
              succeed $"runs export {id 0} --out {model} --store {store}" |> ignore
              let evaluated = json $"""eval --model {model} --data {folder.File "parts/fabric"} --json --threads 1"""

              let metric =
                  (json $"runs show {id 0} --store {store} --json").GetProperty("result").GetProperty("metrics").GetProperty("imageAuroc")

              Expect.equal (evaluated.GetProperty("imageAuroc").GetDouble()) (metric.GetDouble()) "evaluated imageAuroc"
          }
          test "the store is measured, verified, pinned and emptied" {
              use folder = new Scratch.Folder()
              let store = prepare folder
              Expect.stringContains (succeed $"cache ls --store {store}") "teacher-features" "succeed"

              let trained =
                  (json $"cache ls --json --store {store}").GetProperty("stages").EnumerateArray()
                  |> Seq.find (fun stage -> string (stage.GetProperty "stage") = "train")

              Expect.equal (trained.GetProperty("entries").GetInt32()) 2 "a training stands under two keys and counts once"
              succeed $"cache verify --quiet --store {store}" |> ignore
              succeed $"cache pin paper --cell {id 0} --store {store}" |> ignore
              Expect.stringContains (succeed $"cache ls --store {store}") "pinned as paper: 1 results" "succeed"
              succeed $"cache gc --max-size 0 --store {store}" |> ignore
              let pinned = (json $"cache ls --json --store {store}").GetProperty("bytes").GetInt64()
              Expect.isGreaterThan pinned 0L "pinned"
              Expect.stringContains (succeed $"runs ls --store {store}") (id 0) "succeed"
              succeed $"cache unpin paper --store {store}" |> ignore
              succeed $"cache gc --max-size 0 --store {store}" |> ignore
              Expect.equal ((json $"cache ls --json --store {store}").GetProperty("bytes").GetInt64()) 0L "json bytes"

              let blob = Directory.CreateDirectory(Path.Combine(store, "blobs", "00")).FullName
              File.WriteAllText(Path.Combine(blob, String('0', 64)), "not what it should be")
              let outcome = Command.run $"cache verify --quiet --store {store}"
              Expect.equal outcome.ExitCode ExitCode.SomeFailed "exit code of outcome"
              Expect.stringContains outcome.Out "1 broken" "out of outcome"
          }
          testTheory
              "what is not there is said"
              [ "runs show none", "no cell has such an id"
                "cache unpin none", "there is no such pin"
                "report none", "run one first (falcon run SCRIPT)"
                "cache gc --max-size many", "'many' is no size" ]
              (fun (words: string, problem: string) ->
                  use folder = new Scratch.Folder()
                  let outcome = Command.run $"""{words} --store {folder.File ""}"""
                  Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
                  Expect.stringContains outcome.Error problem "error of outcome"

                  Expect.equal
                      (Command.run $"""{words} --store {folder.File "nowhere"}""").ExitCode
                      ExitCode.InvalidInput
                      "exit code of run")
          test "a report is written on the results of a study, and checked against the store" {
              use folder = new Scratch.Folder()
              let store = prepare folder
              let out = folder.File "report"
              let written = json $"report tiny --store {store} --out {out} --json"
              Expect.isTrue (File.Exists(string (written.GetProperty "page"))) "file exists written page"
              Expect.stringContains (succeed $"report {out} --check --store {store}") "every table says" "succeed"
              File.AppendAllText(Path.Combine(out, "per-category-image-auroc.md"), "100.0")
              let outcome = Command.run $"report {out} --check --store {store}"
              Expect.equal outcome.ExitCode ExitCode.SomeFailed "exit code of outcome"
              Expect.stringContains outcome.Out "per-category-image-auroc.md" "out of outcome"
              Expect.stringContains (Command.run $"report tinny --store {store}").Error "Did you mean 'tiny'?" "error of run"

              if OperatingSystem.IsLinux() then
                  // A LaTeX that starts another program and never ends.
                  let latex, started = folder.File "bin/pdflatex", folder.File "started"
                  Directory.CreateDirectory(folder.File "bin") |> ignore

                  File.WriteAllText(
                      latex,
                      $"#!/bin/sh\nexec 2>/dev/null\nsleep 300 &\necho $$ $! > {started}.part\nmv {started}.part {started}\nwait\n"
                  )

                  File.SetUnixFileMode(latex, UnixFileMode.UserRead ||| UnixFileMode.UserExecute)
                  let path = $"""{folder.File "bin"}:{Environment.GetEnvironmentVariable "PATH"}"""
                  let running = Command.start [ "PATH", path ] $"""report tiny --store {store} --out {folder.File "pdf"} --pdf"""
                  Expect.isTrue (SpinWait.SpinUntil((fun () -> File.Exists started || running.HasExited), 30_000)) "LaTeX starts"
                  Command.signal "TERM" running
                  let outcome = Command.finish running
                  Expect.equal outcome.ExitCode 143 outcome.Error

                  for id in (File.ReadAllText started).Split() |> Array.filter ((<>) "") do
                      let isGone () = not (Directory.Exists $"/proc/{id}") || (File.ReadAllText $"/proc/{id}/stat").Contains ") Z "
                      Expect.isTrue (SpinWait.SpinUntil(isGone, 5_000)) $"{id} has ended with the command"
          } ]
