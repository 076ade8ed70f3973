/// Data sets as they come from the field, through several verbs that must agree on them.
module Falcon.Cli.Tests.OddInputsTests

open System
open System.IO
open System.Text.Json
open Falcon.Cli
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Detection
open Falcon.DrawnData
open Falcon.Imaging
open Expecto
open Falcon.Tests

let private run code words =
    let outcome = Command.run words
    Expect.equal outcome.ExitCode code $"{words}: {outcome.Error}"
    outcome

let private succeed = run ExitCode.Fine

let private drawn (folder: Scratch.Folder) =
    DrawnDataSet.Write(folder.File "data", DrawnDataOptions(0L, 64, 3, 2, 1, [| "fabric" |]))
    folder.File "data/fabric"

let private train data model settings =
    succeed $"train --method padim --data {data} --shots 3 --teacher random --threads 1 --set inputSize=64 {settings} --out {model}"

[<Tests>]
let tests =
    testList
        "Odd inputs"
        [ test "what is not read of a folder is said by check, train, predict and eval, and metrics take what predict wrote" {
              use folder = new Scratch.Folder()
              let data, model, out, store = drawn folder, folder.File "m.falcon", folder.File "out", folder.File "store"

              for name in [ "train/good/a.heic"; "test/good/b.heic" ] do
                  File.WriteAllText($"{data}/{name}", "ftypheic")

              for place in [ "train/good"; "test/good"; "ground_truth" ] do
                  File.WriteAllText($"{data}/{place}/._000.png", "hidden")

              Directory.CreateSymbolicLink($"{data}/test/loop", data) |> ignore
              let unread = "2 files not read: test/good/b.heic, train/good/a.heic"

              for outcome in
                  [ succeed $"data check {data} --store {store}"
                    train data model ""
                    succeed $"eval --model {model} --data {data} --threads 1" ] do
                  Expect.stringContains outcome.Error unread "unread"
                  Expect.stringContains outcome.Error "1 link not followed" "links"

              let predicted = succeed $"predict --model {model} {data}/test --out {out} --maps half --json --threads 1"
              Expect.stringContains predicted.Error "1 file not read: good/b.heic" "unread of predict"
              let images = JsonDocument.Parse(predicted.Out).RootElement.GetProperty("images").GetArrayLength()
              Expect.equal images (Directory.GetFiles($"{out}/overlays", "*.png", SearchOption.AllDirectories)).Length "images"
              let metrics () = Command.run $"metrics --maps {out} --masks {data}/ground_truth --json"
              let measured = metrics ()
              Expect.equal measured.ExitCode ExitCode.Fine measured.Error

              let anomalous = JsonDocument.Parse(measured.Out).RootElement.GetProperty("images").GetProperty("anomalous").GetInt32()

              Expect.equal anomalous (Directory.GetFiles($"{data}/ground_truth", "0*.png", SearchOption.AllDirectories)).Length "anomalous"
          }
          test "a camera of 12 bits is noticed, and with its white level its photos are those of 8 bits" {
              use folder = new Scratch.Folder()
              let data = drawn folder

              let write place (convert: RasterImage -> byte array) =
                  for file in Directory.GetFiles($"{data}/train/good") do
                      let image = (ImageFile.ReadRgb file).ToGray()
                      Directory.CreateDirectory(folder.File place) |> ignore
                      File.WriteAllBytes(folder.File $"{place}/{Path.GetFileName file}", convert image)

              let rows (image: RasterImage) convert =
                  [| for y in 0 .. image.Height - 1 ->
                         [| for x in 0 .. image.Width - 1 -> [| convert (int image.Pixels[y * image.Width + x]) |] |] |]

              write "plain" (fun image ->
                  ImageFile.WritePng(folder.File "one.png", image)
                  File.ReadAllBytes(folder.File "one.png"))

              write "deep" (fun image -> Png.deep 0 (rows image (fun value -> value * 4095 / 255)))
              let checked' = succeed $"""data check {folder.File "deep"} --store {folder.File "store"}"""
              Expect.isMatch checked'.Error "highest value \\d+ of 65535.*whiteLevel=4095" "what check says"
              let plain, deep = folder.File "plain.falcon", folder.File "deep.falcon"
              train (folder.File "plain") plain "" |> ignore
              let trained = train (folder.File "deep") deep "--set whiteLevel=4095"
              Expect.isFalse (trained.Error.Contains "highest value") trained.Error
              let card = Detector.CardOf deep
              Expect.equal card.Method.WhiteLevel (Nullable 4095) "white level of the card"
              Expect.equal card.Threshold (Detector.CardOf plain).Threshold "threshold"

              run ExitCode.InvalidInput $"""train --data {folder.File "deep"} --set whiteLevel=0 --out {deep}.not"""
              |> ignore
          }
          test "a mask that is missing beside others is missed by data check, eval and metrics alike" {
              use folder = new Scratch.Folder()
              let data, model, out = drawn folder, folder.File "m.falcon", folder.File "out"
              let kinds = Directory.GetDirectories($"{data}/ground_truth") |> Array.sort
              let name = Path.GetFileName kinds[0]
              train data model "" |> ignore
              File.Copy($"{data}/test/{name}/000.png", $"{data}/test/{name}/001.png")
              succeed $"predict --model {model} {data}/test --out {out} --maps half --threads 1" |> ignore

              for words in
                  [ $"""data check {data} --store {folder.File "store"}"""
                    $"eval --model {model} --data {data} --threads 1"
                    $"metrics --maps {out} --masks {data}/ground_truth" ] do
                  Expect.stringContains (run ExitCode.InvalidInput words).Error "mask" words
          } ]
