/// A detector as an ONNX file, as a user makes it and as a program without Falcon uses it.
module Falcon.Cli.Tests.ExportVerbTests

open System
open System.Diagnostics
open System.Globalization
open System.IO
open System.Text.Json
open Expecto
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.Detection
open Falcon.DrawnData
open Falcon.Imaging

let private root = Option.get Fixtures.repositoryRoot

/// The sample, which the solution builds.
let private sample = Path.Combine(root, "artifacts", "bin", "onnx-inference", "release", "onnx-inference.dll")

/// Files and folders of a model of a small drawn category.
let private trained (folder: Scratch.Folder) (settings: string) =
    DrawnDataSet.Write(folder.File "data", DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))
    let data, model = folder.File "data/fabric", folder.File "m.falcon"
    let outcome = Command.run $"train --data {data} --shots 3 --teacher random --threads 1 --out {model} {settings}"
    Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
    model, data

let private start (words: string list) =
    let info = ProcessStartInfo("dotnet", words, RedirectStandardOutput = true, RedirectStandardError = true)
    use running = Process.Start info |> Option.ofObj |> Option.get
    let outcome = Command.finish running
    Expect.equal outcome.ExitCode 0 outcome.Error
    outcome.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries)

[<Tests>]
let tests =
    testList
        "Export"
        [ test "the program of the documentation is the sample" {
              let program = File.ReadAllText(Path.Combine(root, "samples", "onnx-inference", "Program.cs"))

              for page in [ "docs/onnx.md"; "Falcon.Inference/README.md" ] do
                  Expect.stringContains (File.ReadAllText(Path.Combine(root, page))) program page
          }
          test "falcon export writes a file that a program without libtorch inspects photos with, as falcon predict does" {
              use folder = new Scratch.Folder()
              let model, data = trained folder "--method padim --set inputSize=64"
              let out = folder.File "m.onnx"
              let outcome = Command.run $"export --model {model} --out {out} --photos {data}/test --threads 1 --json"
              Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
              use json = JsonDocument.Parse outcome.Out
              let proof = json.RootElement.GetProperty "proof"
              Expect.equal (proof.GetProperty("images").GetInt32()) 16 "images"
              Expect.isLessThan (proof.GetProperty("map").GetDouble()) 1e-4 "difference of maps"
              use detector = Detector.Load model
              let photos = ImageFile.In(data + "/test") |> List.ofSeq

              let predicted =
                  detector.Predict [| for photo in photos -> Falcon.Data.ImageItem(photo, photo, "unknown", false) |]
                  |> List.ofSeq

              let lines = start (sample :: out :: photos) |> Array.filter (fun line -> not (line.StartsWith ' '))
              Expect.hasLength lines photos.Length "a line for each photo"

              for line, prediction in Seq.zip lines predicted do
                  let words = line.Split(' ')
                  let score = Double.Parse(words[1], CultureInfo.InvariantCulture)
                  Expect.isLessThan (abs (score - prediction.Score)) (1e-4 * detector.Threshold) line
                  Expect.equal words[4] (if prediction.Score > detector.Threshold then "anomalous" else "good") line

              let loaded = Directory.GetFiles(string (Path.GetDirectoryName sample), "*torch*", SearchOption.AllDirectories)
              Expect.isEmpty loaded "libtorch beside the sample"
          }
          test "the model itself is not overwritten, and what cannot be written is refused with the reason, before anything is written" {
              use folder = new Scratch.Folder()

              let model, _ =
                  trained
                      folder
                      "--method anomalydino --set backbone=dinov2_vit_p14_w24_h3_d3_g5 --set inputSize=56 --set rotations=1 --set masking=true"

              let outcome = Command.run $"export --model {model} --out {model}"
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code"
              Expect.stringContains outcome.Error "is read, too, and would be lost" "message"
              let outcome = Command.run $"""export --model {model} --out {folder.File "m.onnx"}"""
              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code"
              Expect.stringContains outcome.Error "eigenvectors" "message"
              Expect.equal folder.Names [| "data"; "m.falcon" |] "files"
          } ]
