module Falcon.Cli.Tests.MetricsVerbTests

open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.Imaging
open Falcon.Metrics
open Falcon.Weights
open Expecto
open Falcon.Tests

let private scores = "path,label,score\na.png,0,0.1\nb.png,0,0.4\nc.png,1,0.35\nd.png,1,0.8\n"

/// Two images of 2 × 2 pixels, one with a defect that the map finds.
let private maps (folder: Scratch.Folder) =
    Directory.CreateDirectory(folder.File "maps") |> ignore
    Directory.CreateDirectory(folder.File "masks/hole") |> ignore

    SafetensorsWriter.Write(
        folder.File "maps/maps.safetensors",
        [| StoredTensor.Of("test/good/0.png", [| 0.0f; 1.0f; 2.0f; 3.0f |], 2L, 2L)
           StoredTensor.Of("test/hole/0.png", [| 0.0f; 9.0f; 2.0f; 1.0f |], 2L, 2L) |]
    )

    ImageFile.WritePng(folder.File "masks/hole/0_mask.png", RasterImage(2, 2, 1, [| 0uy; 255uy; 0uy; 0uy |]))
    $"""--maps {folder.File "maps"} --masks {folder.File "masks"}"""

[<Tests>]
let tests =
    testList
        "Metrics verb"
        [ test "anybody's scores are evaluated, as a table" {
              use folder = new Scratch.Folder()
              File.WriteAllText(folder.File "scores.csv", scores)
              let outcome = Command.run $"""metrics --scores {folder.File "scores.csv"}"""
              Expect.equal outcome.ExitCode ExitCode.Fine "exit code of outcome"
              Golden.check "metrics" outcome.Out
          }
          testTheory
              "a table of scores may have a byte order mark, other line ends and separators, quoted line breaks and blank lines"
              [ "path,label,score\na,0,0.1\nb,1,0.4\n\n"
                "\uFEFFpath,label,score\r\na,0,0.1\r\n\r\nb,1,0.4\r\n"
                "path;label;score\na;0;0,1\nb;1;0,4\n"
                "path\tlabel\tscore\na\t0\t0.1\nb\t1\t0.4"
                "score,path,label\n0.1,\"a\nx\",0\n0.4,\"a, \"\"b\"\"\",1\n" ]
              (fun (text: string) ->
                  use folder = new Scratch.Folder()
                  File.WriteAllText(folder.File "scores.csv", text)
                  let outcome = Command.run $"""metrics --scores {folder.File "scores.csv"} --json"""
                  Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
                  let metrics = JsonDocument.Parse(outcome.Out).RootElement.GetProperty "metrics"
                  Expect.equal (metrics.GetProperty("imageAuroc").GetDouble()) 1.0 text)
          test "anybody's maps are evaluated, as JSON with thresholds and AUPIMO per image" {
              use folder = new Scratch.Folder()
              let outcome = Command.run $"metrics {maps folder} --json"
              Expect.equal outcome.ExitCode ExitCode.Fine "exit code of outcome"
              let result = JsonDocument.Parse(outcome.Out).RootElement
              let metric (name: string) = result.GetProperty("metrics").GetProperty(name).GetDouble()

              for name in [ "imageAuroc"; "pixelAuroc"; "pixelF1Max"; "aupro@0.3"; "aupimo@1e-5..1e-4" ] do
                  Expect.floatClose (within 1e-12) (metric name) 1.0 "metric name"

              Expect.equal (result.GetProperty("thresholds").GetProperty("pixelF1Max").GetDouble()) 9.0 "result thresholds pixelF1Max"
              Expect.equal (result.GetProperty("aupimo@1e-5..1e-4 per image").GetProperty("test/hole/0.png").GetDouble()) 1.0 "result"
          }
          test "what is undefined is null, and a dash with its reason" {
              use folder = new Scratch.Folder()
              File.WriteAllText(folder.File "scores.csv", "path,label,score\na,0,1\n")
              let words = $"""metrics --scores {folder.File "scores.csv"} --metric imageAuroc"""
              let result = JsonDocument.Parse((Command.run $"{words} --json").Out).RootElement

              Expect.equal
                  (result.GetProperty("metrics").GetProperty("imageAuroc").ValueKind)
                  JsonValueKind.Null
                  "result metrics imageAuroc value kind"

              Expect.stringContains (Command.run words).Out "undefined" "out of run words"
          }
          testTheory
              "input that does not fit together exits with 2 before anything is read"
              [ "metrics", "nothing was given"
                "metrics --maps x", "--masks"
                "metrics --scores x --metric auroc", "there is no such metric"
                "metrics --scores x --metric pixelAuroc", "needs anomaly maps" ]
              (fun (words: string, problem: string) ->
                  let outcome = Command.run words
                  Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code of outcome"
                  Expect.stringContains outcome.Error problem "error of outcome") ]
