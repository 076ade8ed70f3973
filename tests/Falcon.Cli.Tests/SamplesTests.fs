/// The samples of parts that somebody adds: they run as the documentation says.
module Falcon.Cli.Tests.SamplesTests

open System
open System.IO
open System.Text.Json
open Expecto
open Falcon
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.DrawnData
open Falcon.Experiments
open Falcon.Methods

let private root = lazy Option.get Fixtures.repositoryRoot

/// The assembly of `samples/own-method`, which the solution builds.
let private ownMethod = lazy Path.Combine(root.Value, "artifacts", "bin", "own-method", "release", "own-method.dll")

let private category (folder: string) =
    DrawnDataSet.Write(folder, DrawnDataOptions(0L, 64, 3, 2, 1, [| "flange" |]))
    Path.Combine(folder, "flange")

let private succeed words =
    let outcome = Command.run words
    Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
    outcome

/// Files of a drawn category beside the list that `ownData.fsx` reads.
let private listed (folder: string) =
    let drawn = category (folder + "-drawn")
    Directory.CreateDirectory folder |> ignore

    let copy (path: string) (name: string) =
        File.Copy(path, Path.Combine(folder, name))
        name

    let rows =
        [ for image in Data.DataFolder.Detect(drawn).Open("flange").TrainImages |> Seq.indexed do
              let index, image = image
              let name = copy image.Path $"good-{index + 1}.png"
              $"{name},train,good,"
          for index, image in Data.DataFolder.Detect(drawn).Open("flange").TestImages |> Seq.indexed do
              let name = copy image.Path $"test-{index}.png"

              match image.MaskPath with
              | null -> $"{name},test,good,"
              | mask ->
                  let maskName = copy mask $"mask-{index}.png"
                  $"{name},test,{image.Defect},{maskName}" ]

    File.WriteAllLines(Path.Combine(folder, "parts.csv"), "image,split,defect,mask" :: rows)
    folder

[<Tests>]
let tests =
    testList
        "Samples"
        [ test "a method in an assembly of its own is trained and applied by the command" {
              use folder = new Scratch.Folder()
              let data, model = category (folder.File "data"), folder.File "part.falcon"
              let small = "--teacher random --threads 1 --set inputSize=64 --set codeChannels=4 --epochs 2"
              let extension = $"--extension {ownMethod.Value}"
              let trained = succeed $"train --method feature-autoencoder {extension} --data {data} --shots 2 {small} --out {model} --json"
              use json = JsonDocument.Parse trained.Out
              Expect.equal (json.RootElement.GetProperty("images").GetArrayLength()) 2 "trained images"

              succeed $"""predict {extension} --model {model} {data}/test --out {folder.File "predictions"} --json --threads 1"""
              |> ignore

              let unknown =
                  Command.start [] $"train --method feature-autoencoder --data {data} --shots 2 {small} --out {model}"
                  |> Command.finish

              Expect.equal unknown.ExitCode ExitCode.InvalidInput "exit code without the assembly"
              Expect.stringContains unknown.Error "no such method" "message without the assembly"

              let named =
                  Command.start [ Extensions.Variable, ownMethod.Value ] $"eval --model {model} --data {data} --json --threads 1"
                  |> Command.finish

              Expect.equal named.ExitCode ExitCode.Fine named.Error

              let refused = Command.run $"""train --extension {folder.File "nothing.dll"} --data {data} --out {model}"""
              Expect.equal refused.ExitCode ExitCode.InvalidInput "exit code of a missing assembly"
              Expect.stringContains refused.Error "there is no such assembly" "message of a missing assembly"
          }
          test "the same method runs in a study, is found in the cache and stands in the table" {
              use folder = new Scratch.Folder()
              Extensions.Load ownMethod.Value
              let data = category (folder.File "data")
              let out = folder.File "out"

              let study =
                  { Experiment.defaults with
                      Name = "own"
                      Data = [ Falcon.Experiments.Data.folder data ]
                      Shots = [ 2 ]
                      Seeds = [ 0 ]
                      Methods = [ Falcon.Experiments.MethodSettings.resolve "feature-autoencoder" (Some 1) [ "inputSize=64" ] ]
                      Teacher = Falcon.Experiments.Teacher.random }

              let runtime = { Runtime.local with Workers = 1; Verbosity = Quiet; Out = Some out; Store = Some(folder.File "store") }

              let quiet =
                  { new IProgress<StudyEvent> with
                      member _.Report _ = () }

              let run () = Study.runWith quiet Threading.CancellationToken.None runtime study
              Expect.isTrue ((run ()).Computed.ContainsKey "train") "trained at first"
              let again = run ()
              Expect.isEmpty again.Computed "computed again"
              again |> Report.write (folder.File "report") [ Table.summary ] |> ignore

              let table = File.ReadAllText(folder.File "report/summary.md")
              Expect.stringContains table "| Feature autoencoder |" "the table"
              Expect.stringContains table "Settings: epochs 1, input size 64" "what it was run with"
          }
          test "a study of which every part is one's own runs, is found in the cache, and its report is checked" {
              use folder = new Scratch.Folder()
              let script = Path.Combine(root.Value, "samples", "own-parts", "study.fsx")
              let store, out = folder.File "store", folder.File "out"
              let words = $"""run {script} --data {listed (folder.File "parts")} --teacher random --out {out} --store {store}"""
              let outcome = Command.start [] words |> Command.finishWithin 300_000
              Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error

              Expect.stringContains
                  outcome.Out
                  "Method         Shots  Image AUROC  Recall without false alarms"
                  "the table of all metrics at the end"

              let text name = File.ReadAllText(Path.Combine(out, "report", name))
              Expect.stringContains (text "summary.md") "| Mean distance |" "the method"
              Expect.stringContains (text "summary.md") "Settings: input size 64, teacher random" "what all were run with"
              Expect.stringContains (text "summary.md") "Recall without false alarms" "the metric over images"
              Expect.stringContains (text "summary.md") "pixel recall: at a false-positive rate of 0.01" "what the metric over pixels means"
              Expect.stringContains (text "summary.md") "chosen by hand" "the sampler"
              Expect.stringContains (text "summary.md") "mean of the map" "the image score"
              Expect.stringContains (text "summary.md") "features standardised, scores contrast" "the stages"
              Expect.stringContains (text "hardest.csv") "test-" "the table"
              Expect.isTrue (File.Exists(Path.Combine(out, "report", "ordered.pdf"))) "the plot"
              let cell = Directory.GetDirectories(Path.Combine(out, "cells")) |> Seq.find _.Contains("mean-distance")
              let recorded = Results.CellFolder.Read cell

              Expect.equal
                  [ for value in recorded.Metrics -> value.Metric.Title ]
                  [ "Image AUROC"; "Recall without false alarms"; "Pixel recall" ]
                  "titles"

              let planned = Command.start [] $"{words} --plan" |> Command.finishWithin 300_000
              Expect.stringContains planned.Out "2 cells: 2 hit" "the plan"

              let check () = Command.run $"""report --check {out}/report --store {store}"""
              Expect.equal (check ()).ExitCode ExitCode.Fine "exit code of the check"
              File.AppendAllText(Path.Combine(out, "report", "hardest.csv"), "spoilt")
              Expect.stringContains ((check ()).Out + (check ()).Error) "hardest.csv" "a table of one's own that was changed"
          } ]
