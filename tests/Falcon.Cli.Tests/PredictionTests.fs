module Falcon.Cli.Tests.PredictionTests

open System
open System.IO
open System.Text
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.Detection
open Falcon.DrawnData
open Falcon.Results
open Expecto
open Falcon.Tests

let private succeed words =
    let outcome = Command.run words
    Expect.equal outcome.ExitCode ExitCode.Fine outcome.Error
    outcome

/// A model of a small drawn category, and its test images: two good ones and one of each defect.
let private trained (folder: Scratch.Folder) =
    DrawnDataSet.Write(folder.File "data", DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))
    let data, model = folder.File "data/fabric", folder.File "m.falcon"

    succeed $"train --method padim --data {data} --shots 3 --teacher random --threads 1 --set inputSize=64 --out {model}"
    |> ignore

    model, data + "/test"

let private images (outcome: Command.Outcome) =
    List.ofSeq (JsonDocument.Parse(outcome.Out).RootElement.GetProperty("images").EnumerateArray())

let private names (value: JsonElement) = [ for property in value.EnumerateObject() -> property.Name ]

/// The model as an earlier Falcon wrote it: its card has no pixel threshold.
let private forget (model: string) =
    let bytes = File.ReadAllBytes model
    let text = Encoding.Latin1.GetString bytes
    let key = "\\u0022pixelThreshold\\u0022:"
    let start = text.IndexOf key + key.Length
    Expect.isGreaterThan start key.Length "the card has a pixel threshold"
    let length = text.IndexOfAny([| ','; '}' |], start) - start
    let changed = text.Remove(start, length).Insert(start, "null".PadRight length)
    File.WriteAllBytes(model, Encoding.Latin1.GetBytes changed)

[<Tests>]
let tests =
    testList
        "Predictions"
        [ test "every anomalous image has regions, in JSON, in CSV and in the picture, and no maps unless they are asked for" {
              use folder = new Scratch.Folder()
              let model, test = trained folder
              let out = folder.File "out"
              let threshold = 0.5 * Detector.CardOf(model).Threshold
              let outcome = succeed $"predict --model {model} {test} --out {out} --threshold {threshold:R} --json --threads 1"
              let images = images outcome
              Expect.isFalse (Directory.Exists(Path.Combine(out, "maps"))) "folder of maps"

              let regions =
                  [ for image in images do
                        let found = List.ofSeq (image.GetProperty("regions").EnumerateArray())
                        Expect.equal (not found.IsEmpty) (image.GetProperty("anomalous").GetBoolean()) "anomalous images have regions"
                        Expect.equal (image.GetProperty("map").ValueKind) JsonValueKind.Null "map"
                        yield! found ]

              Expect.isNonEmpty regions "regions"

              for region in regions do
                  Expect.equal (names region) [ "box"; "area"; "percent"; "peak"; "centroid"; "outline" ] "what a region has"
                  let side (name: string) = region.GetProperty("box").GetProperty(name).GetInt32()
                  Expect.isBetween (region.GetProperty("area").GetInt32()) 1 (side "width" * side "height") "area within the box"

                  let xs =
                      [ for polygon in region.GetProperty("outline").EnumerateArray() do
                            for corner in polygon.EnumerateArray() -> corner[0].GetInt32() ]

                  Expect.equal (List.min xs, List.max xs) (side "x", side "x" + side "width") "the outline fills the box"

              let lines name = File.ReadAllLines(Path.Combine(out, name))
              let table = lines "regions.csv"
              Expect.equal (table[0].Split(',').Length) 13 "columns of regions.csv"
              Expect.hasLength table (regions.Length + 1) "lines of regions.csv"

              let counted = [ for line in Array.tail (lines "predictions.csv") -> int (line.Split(',')[5]) ]
              Expect.equal (List.sum counted) regions.Length "regions counted in predictions.csv"

              let cyan (image: JsonElement) =
                  let picture = Falcon.Imaging.ImageFile.ReadRgb(Path.Combine(out, string (image.GetProperty("overlay").GetString())))

                  picture.Pixels
                  |> Seq.chunkBySize 3
                  |> Seq.filter (fun p -> p[0] < 40uy && p[1] > 200uy && p[2] > 200uy)
                  |> Seq.length

              for image in images do
                  Expect.equal (cyan image > 0) (image.GetProperty("anomalous").GetBoolean()) "outlines are drawn"
          }
          test "regions can be found above another pixel threshold, merged, and left out where they are small" {
              use folder = new Scratch.Folder()
              let model, test = trained folder
              let card = Detector.CardOf model
              let out, threshold = folder.File "out", 0.5 * card.Threshold

              let predict options =
                  succeed $"predict --model {model} {test} --out {out} --threshold {threshold:R} {options} --json --threads 1"
                  |> images

              let count options = predict options |> List.sumBy (fun image -> image.GetProperty("regions").GetArrayLength())
              Expect.equal (count $"--pixel-threshold {100.0 * card.Threshold:R}") 0 "above everything"
              Expect.equal (count "--min-area 100%") 0 "all are smaller than the image"
              let anomalous = predict "" |> List.filter (fun image -> image.GetProperty("anomalous").GetBoolean())
              Expect.equal (count "--merge-within 64") anomalous.Length "one in each anomalous image"

              let outcome =
                  Command.run $"""predict --model {model} {test} --out {folder.File "o"} --min-area few --merge-within -1 --maps double"""

              Expect.equal outcome.ExitCode ExitCode.InvalidInput "exit code"

              for option in [ "--min-area"; "--merge-within"; "--maps" ] do
                  Expect.stringContains outcome.Error option "what is wrong"
          }
          test "maps are written as float16 or float32, equal but for the digits" {
              use folder = new Scratch.Folder()
              let model, test = trained folder

              let map kind =
                  let out = folder.File kind
                  succeed $"predict --model {model} {test}/good/000.png --out {out} --maps {kind} --threads 1" |> ignore
                  let bytes = File.ReadAllBytes(Path.Combine(out, "maps/000.npy"))
                  bytes.Length, NpyArray.Parse(ReadOnlySpan bytes)

              let (halfSize, half), (fullSize, full) = map "half", map "full"
              Expect.equal (halfSize, fullSize) (128 + 2 * 64 * 64, 128 + 4 * 64 * 64) "bytes of the files"
              Expect.sequenceEqual half.Shape [ 64; 64 ] "shape"

              for short, long in Seq.zip half.Values full.Values do
                  Expect.floatClose { absolute = 1e-6; relative = 1e-3 } (float short) (float long) "value"
          }
          test "a model of an earlier version finds no regions and says how to get them" {
              use folder = new Scratch.Folder()
              let model, test = trained folder
              forget model

              let predict options =
                  Command.run $"""predict --model {model} {test} --out {folder.File "out"} {options} --json --threads 1"""

              let without = predict "--threshold 0.001"
              Expect.equal without.ExitCode ExitCode.Fine without.Error
              Expect.stringContains without.Error "--pixel-threshold" "warning"

              for image in images without do
                  Expect.equal (image.GetProperty("regions").ValueKind) JsonValueKind.Null "regions"

              let asked = predict "--min-area 5"
              Expect.equal asked.ExitCode ExitCode.InvalidInput "regions were asked for"
              Expect.stringContains asked.Error "Train it again" "what to do"

              for image in images (predict "--threshold 0.001 --pixel-threshold 0.0005") do
                  Expect.isGreaterThan (image.GetProperty("regions").GetArrayLength()) 0 "regions above the threshold given"
          } ]
