module Falcon.Core.Tests.CellFolderTests

open System
open System.Collections.Generic
open System.IO
open System.Text.Json
open System.Text.Json.Nodes
open Expecto
open Falcon.Protocol
open Falcon.Tests
open Falcon
open Falcon.Data
open Falcon.Metrics
open Falcon.Results

let private cell =
    CellResult(
        Method = MethodLabel("falcon", "FALCON"),
        DataSet = "MVTec AD",
        Category = "bottle",
        Seed = 616L,
        Protocol =
            EvaluationProtocol(
                ShotCount.Of 5,
                "first k of a seeded permutation",
                CheckpointRule.FixedEpoch 50,
                ImageScoreReducer.TopMean 0.5,
                EvaluationSize.Of(256, 320),
                "PyTorch's randperm",
                MapSmoothing.Gaussian 4.0,
                MaskThreshold(Nullable 0uy)
            ),
        Metrics =
            [| MetricValue(Metric.PixelAuroc, Nullable 0.1)
               MetricValue(Metric.Aupro 0.3, Nullable())
               MetricValue(Metric.ImageAuroc, Nullable(1.0 / 3.0)) |],
        Images =
            [| ImageOutcome("test/good/000.png", "good", false, 0.1 + 0.2)
               ImageOutcome("test/a, \"b\"/ü.png", "a, \"b\"", true, -1e-300, "ground_truth/a, \"b\"/ü_mask.png", "maps.safetensors") |],
        Timings = Timings(1.5, 20.25, 3.0, 0.125),
        Provenance =
            Provenance(
                "0.1.0",
                "0c66f4d",
                true,
                ".NET 10.0.1",
                "libtorch 1.13.1",
                "Debian GNU/Linux 12",
                "a processor",
                2,
                1,
                "cpu",
                25.0,
                900_000_000L,
                Dictionary(dict [ "master", 616L; "noise", -5L ]),
                "sha256:1",
                "sha256:2"
            ),
        Losses = [| LossCurve("reconstruction", [| 0.5; 0.25 |]) |]
    )

let private refused (action: unit -> unit) = (raised<InvalidInputException> action).Findings

[<Tests>]
let tests =
    testList
        "Cell folder"
        [ test "a cell is read back as it was written, and equal cells give equal bytes" {
              use folder = new Scratch.Folder()
              CellFolder.Write(folder.File "a", cell)
              let back = CellFolder.Read(folder.File "a")
              Expect.equal back.Method cell.Method "method of back"
              Expect.equal back.Protocol cell.Protocol "protocol of back"
              Expect.sequenceEqual back.Metrics cell.Metrics "metrics of back"
              Expect.sequenceEqual back.Images cell.Images "images of back"
              Expect.equal back.Timings cell.Timings "timings of back"
              let losses = nonNull back.Losses
              Expect.sequenceEqual losses[0].Values [ 0.5; 0.25 ] "values of losses 0"
              CellFolder.Write(folder.File "b", back)
              let text name = File.ReadAllText(Path.Combine(folder.File name, CellFolder.CellFile))
              Expect.equal (text "b") (text "a") "text b"

              Expect.equal
                  (Directory.GetFiles(folder.File "a") |> Array.map (Path.GetFileName >> string) |> Array.sort)
                  [| "cell.json"; "scores.csv" |]
                  "files a name"
          }
          test "cell.json is plain camel-case JSON with metrics by name" {
              use folder = new Scratch.Folder()
              CellFolder.Write(folder.File "a", cell)
              use json = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder.File "a", CellFolder.CellFile)))
              let root = json.RootElement
              Expect.equal (root.GetProperty("protocol").GetProperty("checkpoint").GetString()) "fixedEpoch:50" "root protocol checkpoint"
              Expect.equal (root.GetProperty("protocol").GetProperty("evaluationSize").GetString()) "256x320" "root protocol evaluationSize"
              Expect.equal (root.GetProperty("metrics").GetProperty("aupro@0.3").ValueKind) JsonValueKind.Null "root metrics value kind"
              Expect.equal (root.GetProperty("metrics").GetProperty("pixelAuroc").GetDouble()) 0.1 "root metrics pixelAuroc"

              Expect.equal
                  (root.GetProperty("provenance").GetProperty("seeds").GetProperty("master").GetInt64())
                  616L
                  "root provenance seeds master"
          }
          test "scores.csv holds images, labels and scores to the last digit" {
              use folder = new Scratch.Folder()
              let path = folder.File "scores.csv"
              ScoresCsv.Write(path, cell.Images)

              Expect.stringStarts
                  (File.ReadAllText path)
                  "image,defect,label,score\ntest/good/000.png,good,0,0.30000000000000004\n"
                  "text of path"

              Expect.equal (File.ReadAllLines path).Length (1 + cell.Images.Count) "a line for each image"
          }
          test "a damaged cell is a finding that names the file" {
              use folder = new Scratch.Folder()

              for damage in [ "{"; "null"; "{}"; """{"method":{"name":"x"}}""" ] do
                  File.WriteAllText(folder.File "cell.json", damage)

                  Expect.stringContains
                      (Seq.exactlyOne (refused (fun () -> CellFolder.Read(Path.GetDirectoryName(folder.File "x") |> string) |> ignore)))
                          .Where
                      "cell.json"
                      "where of refused read get directory name x"
          }
          test "the protocol says in one line everything that was recorded, and a cell of before keeps its shorter line" {
              Expect.equal
                  cell.Protocol.Line
                  ("training images: first k of a seeded permutation (PyTorch's randperm); checkpoint: epoch 50; Gaussian smoothing, σ = 4; "
                   + "image score: mean of the top 0.5 % of the map; maps at 256×320; defective mask pixels: above 0")
                  "line of cell protocol"

              use folder = new Scratch.Folder()
              CellFolder.Write(folder.File "a", cell)
              let path = Path.Combine(folder.File "a", CellFolder.CellFile)
              let json = nonNull (JsonNode.Parse(File.ReadAllText path))
              (json.AsObject()).Remove "losses" |> ignore

              for name in [ "lineage"; "smoothing"; "maskThreshold" ] do
                  Expect.isTrue ((nonNull json["protocol"]).AsObject().Remove name) "json protocol as object remove name"

              File.WriteAllText(path, json.ToJsonString())
              let before = CellFolder.Read(folder.File "a")

              Expect.stringEnds
                  before.Protocol.Line
                  "image score: mean of the top 0.5 % of the map; maps at 256×320"
                  "line of before protocol"

              Expect.isNull before.Losses "losses of before"
          }
          test "protocol values are read back from their text, and others refused" {
              for text in
                  [ "lastEpoch"
                    "lastStep"
                    "fixedEpoch:7"
                    "bestOnNormalValidation"
                    "bestOnTraining"
                    "untrained"
                    "oracleOnTest" ] do
                  Expect.equal (string (CheckpointRule.Parse text)) text "parse text"

              for text in [ "max"; "topMean:0.5"; "pooledMax:8" ] do
                  Expect.equal (string (ImageScoreReducer.Parse text)) text "parse text"

              for text in [ "none"; "gaussian:2.5" ] do
                  Expect.equal (string (MapSmoothing.Parse text)) text "parse text"

              for text in [ "original"; "256x320" ] do
                  Expect.equal (string (EvaluationSize.Parse text)) text "parse text"

              for bad in [ ""; "fixedEpoch:"; "fixedEpoch:-1"; "topMean:0"; "topMean:101"; "pooledMax:0"; "0x4"; "256x256x3" ] do
                  refused (fun () -> CheckpointRule.Parse bad |> ignore) |> ignore
                  refused (fun () -> ImageScoreReducer.Parse bad |> ignore) |> ignore
                  refused (fun () -> EvaluationSize.Parse bad |> ignore) |> ignore
                  refused (fun () -> MapSmoothing.Parse $"gaussian:{bad}" |> ignore) |> ignore
          }
          test "a metric that was not evaluated differs from one that is undefined" {
              Expect.isNull (cell.Find Metric.ImageAp) "cell find image ap"
              Expect.equal (cell.Find(Metric.Aupro 0.3)) (MetricValue(Metric.Aupro 0.3, Nullable())) "cell find aupro 0.3"
          } ]
