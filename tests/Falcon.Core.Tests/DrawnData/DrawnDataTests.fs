module Falcon.Core.Tests.DrawnData.DrawnDataTests

open System
open System.IO
open System.Threading
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Core.Tests
open Falcon.Data
open Falcon.DrawnData
open Falcon.Randomness

let private seed = MasterSeed 11L

let private everyDefect =
    [ for scene in Scene.All do
          for defect in scene.DefectNames -> scene, defect ]

let private small = DrawnDataOptions(Seed = 5L, Size = 64, TrainCount = 2, TestGoodCount = 1, TestDefectCount = 1)

let private contents (root: string) =
    [ for file in
          Directory.GetFiles(root, "*", SearchOption.AllDirectories)
          |> Array.sortWith (fun a b -> String.CompareOrdinal(a, b)) ->
          Path.GetRelativePath(root, file), Convert.ToHexString(File.ReadAllBytes file) ]

[<Tests>]
let tests =
    testList
        "Drawn data"
        [ test "outside its mask a damaged part is the same part before the damage, and inside it differs" {
              for scene, defect in everyDefect do
                  for number in 0..2 do
                      let part = $"test/{defect}/{number}"
                      let before = scene.Draw(seed, part, null, 128).Picture
                      let after = scene.Draw(seed, part, defect, 128)
                      let mask = nonNull after.Mask
                      let damaged = [| for value in mask.Pixels -> value = 255uy |]

                      for value in mask.Pixels do
                          Expect.isTrue (value = 0uy || value = 255uy) "mask value is 0 or 255"

                      let differs pixel =
                          Seq.exists
                              (fun channel -> before.Pixels[3 * pixel + channel] <> after.Picture.Pixels[3 * pixel + channel])
                              [ 0..2 ]

                      let changed = Array.init damaged.Length differs
                      let area = damaged |> Array.filter id |> Array.length

                      let agreeing =
                          Array.zip damaged changed
                          |> Array.filter (fun (isDamaged, isChanged) -> isDamaged && isChanged)
                          |> Array.length

                      let outside =
                          Array.zip damaged changed
                          |> Array.filter (fun (isDamaged, isChanged) -> isChanged && not isDamaged)
                          |> Array.length

                      Expect.equal outside 0 "outside"
                      Expect.isTrue (area >= 5 && area < damaged.Length / 4) $"{scene.Name} {part}: {area} pixels are damaged"

                      Expect.isGreaterThanOrEqual
                          (float agreeing)
                          (0.8 * float area)
                          $"{scene.Name} {part}: only {agreeing} of {area} masked pixels changed"
          }
          test "the same seed draws the same pixels, another seed or part draws others" {
              for scene in Scene.All do
                  let draw seed part = (scene.Draw(MasterSeed seed, part, null, 64)).Picture.Pixels
                  Expect.equal (draw 1L "a") (draw 1L "a") "draw a"
                  Expect.notEqual (draw 2L "a") (draw 1L "a") "draw a"
                  Expect.notEqual (draw 1L "b") (draw 1L "a") "draw b"
          }
          test "good parts are well exposed" {
              for scene in Scene.All do
                  let pixels = (scene.Draw(seed, "train/good/000")).Picture.Pixels
                  Expect.isBetween (pixels |> Array.averageBy float) 40.0 200.0 "pixels"
                  let clipped = pixels |> Array.filter (fun value -> value = 255uy) |> Array.length
                  Expect.isLessThan (float clipped) (0.02 * float pixels.Length) $"{scene.Name}: {clipped} values are clipped"
          }
          test "an unknown defect is refused with the known ones" {
              let error = raised<ArgumentException>(fun () -> Scene.All[0].Draw(seed, "a", "nonsense") |> ignore)
              Expect.stringContains error.Message Scene.All[0].DefectNames[0] "message of error"
          }
          test "the written data set is a sound MVTec AD tree, equal for any number of workers" {
              use folder = new Scratch.Folder()
              DrawnDataSet.Write(folder.File "one", small, null, Nullable 1)
              let shares = ResizeArray()

              let progress =
                  { new IProgress<float> with
                      member _.Report share = lock shares (fun () -> shares.Add share) }

              DrawnDataSet.Write(folder.File "four", small, progress, Nullable 4)
              Expect.equal (contents (folder.File "four")) (contents (folder.File "one")) "contents four"
              Expect.contains shares 1.0 "shares"
              let source = DataFolder.Detect(folder.File "one")
              Expect.equal (List.ofSeq source.Categories) ([ for scene in Scene.All -> scene.Name ] |> List.sort) "source categories"

              for name in source.Categories do
                  let report = DataCheck.Find(source.Open name, DataNeeds(2, Test = true, Masks = true))
                  Expect.isEmpty report.Errors "errors of report"
                  Expect.isEmpty report.Warnings "warnings of report"

              let note = File.ReadAllText(folder.File "one/README.txt")
              Expect.stringContains note "Seed: 5" "note"
              Expect.stringContains note "CC0" "note"
          }
          test "a finished data set is left alone, a killed one is drawn again, and anything else is not touched" {
              use folder = new Scratch.Folder()
              let few = DrawnDataOptions(Size = 32, TrainCount = 1, TestGoodCount = 1, TestDefectCount = 1, Categories = [ "fabric" ])
              let target = folder.File "drawn"
              Directory.CreateDirectory(folder.File ".drawn.999999999-0.partial/fabric") |> ignore
              File.WriteAllText(folder.File ".drawn.999999999-0.partial/fabric/half", "")
              DrawnDataSet.Write(target, few)
              Expect.equal folder.Names [| "drawn" |] "names of folder"
              Expect.isFalse (File.Exists $"{target}/fabric/half") "file exists"
              let image = $"{target}/fabric/train/good/000.png"
              let stamp = File.GetLastWriteTimeUtc image
              DrawnDataSet.Write(target, few)
              Expect.equal (File.GetLastWriteTimeUtc image) stamp "time of last change image"
              let other = DrawnDataOptions(Seed = 1L, Size = 32, TrainCount = 1, TestGoodCount = 1, TestDefectCount = 1)
              let error = raised<InvalidInputException>(fun () -> DrawnDataSet.Write(target, other))
              Expect.equal error.Findings[0].Where target "where of error 0"
              Expect.isTrue (File.Exists image) "file exists image"
          }
          test "a cancelled drawing leaves no data set behind" {
              use folder = new Scratch.Folder()
              use stop = new CancellationTokenSource()
              stop.Cancel()

              raised<OperationCanceledException>(fun () -> DrawnDataSet.Write(folder.File "drawn", small, null, Nullable 2, stop.Token))
              |> ignore

              Expect.isFalse (Directory.Exists(folder.File "drawn")) "folder exists drawn"
          }
          test "unknown categories are named with the known ones" {
              let options = DrawnDataOptions(Categories = [ "fabric"; "cheese"; "moon" ])
              let error = raised<InvalidInputException>(fun () -> DrawnDataSet.Write("unused", options))
              Expect.equal error.Findings.Count 2 "number of error"
              Expect.stringContains error.Findings[0].Fix "flange" "fix of error 0"
          } ]
