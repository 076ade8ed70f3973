module Falcon.Core.Tests.Data.DataTests

open System
open System.IO
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Imaging
open Falcon.Randomness

let private picture width height shade =
    RasterImage(width, height, 3, Array.init (3 * width * height) (fun i -> byte ((i * 7 + shade) % 256)))

let private write (path: string) image =
    Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
    ImageFile.WritePng(path, image)

let private mask width height =
    RasterImage(width, height, 1, Array.init (width * height) (fun i -> if i < width then 255uy else 0uy))

/// A category with three training images, one normal and two defective test images.
let private category (root: string) =
    for i in 0..2 do
        write $"{root}/cup/train/good/00{i}.png" (picture 20 10 i)

    write $"{root}/cup/test/good/000.png" (picture 20 10 50)

    for i in 0..1 do
        write $"{root}/cup/test/crack/00{i}.png" (picture 20 10 (100 + i))
        write $"{root}/cup/ground_truth/crack/00{i}_mask.png" (mask 20 10)

    DataFolder.Detect(root).Open "cup"

let private numbered count = [| for i in 0 .. count - 1 -> ImageItem($"{i}", $"{i:D4}", "good", false) |]

[<Tests>]
let tests =
    testList
        "Data"
        [ test "a folder laid out as MVTec AD gives its images sorted, with masks paired by name" {
              use scratch = new Scratch.Folder()
              let cup = category (scratch.File "data")

              Expect.sequenceEqual
                  (cup.TrainImages |> Seq.map _.RelativeName)
                  [ "train/good/000.png"; "train/good/001.png"; "train/good/002.png" ]
                  "relative name of cup train images"

              Expect.sequenceEqual
                  (cup.TestImages |> Seq.map _.RelativeName)
                  [ "test/crack/000.png"; "test/crack/001.png"; "test/good/000.png" ]
                  "relative name of cup test images"

              Expect.sequenceEqual (cup.TestImages |> Seq.map _.IsAnomalous) [ true; true; false ] "anomalous test images"
              Expect.stringEnds (nonNull cup.TestImages[1].MaskPath) "ground_truth/crack/001_mask.png" "mask path of cup test images 1"
              Expect.isEmpty (DataCheck.Find(cup, DataNeeds 3)).Errors "errors of find cup 3"
          }
          test "a folder is told by what it holds, and one that is nothing says what was expected and found" {
              use scratch = new Scratch.Folder()
              category (scratch.File "data") |> ignore
              write (scratch.File "photos/a.PNG") (picture 8 8 1)
              Directory.CreateDirectory(scratch.File "other/stuff") |> ignore
              Expect.equal (DataFolder.Detect(scratch.File "data").Layout) "folders as in MVTec AD" "detect data layout"
              Expect.sequenceEqual (DataFolder.Detect(scratch.File "data/cup").Categories) [ "cup" ] "detect categories"

              Expect.equal
                  (DataFolder.Detect(scratch.File "photos").Open "photos").TrainImages.Count
                  1
                  "number of train images of detect photos open"

              let error = raised<InvalidInputException>(fun () -> DataFolder.Detect(scratch.File "other") |> ignore)
              Expect.stringContains error.Message "train/good" "message of error"
              Expect.stringContains error.Message "stuff/" "message of error"
          }
          test "a shot count above the training set is reported with the category name" {
              use scratch = new Scratch.Folder()
              let report = DataCheck.Find(category (scratch.File "data"), DataNeeds 4)
              let finding = Seq.exactlyOne report.Errors
              Expect.stringContains finding.What "cup has 3 training images, fewer than 4 shots" "what of finding"
          }
          test "everything wrong with a category is reported at once" {
              use scratch = new Scratch.Folder()
              let root = scratch.File "data"
              category root |> ignore
              File.Delete $"{root}/cup/ground_truth/crack/000_mask.png"
              write $"{root}/cup/ground_truth/crack/001_mask.png" (mask 10 10)
              File.WriteAllText($"{root}/cup/train/good/001.png", "no picture")
              File.Copy($"{root}/cup/train/good/000.png", $"{root}/cup/test/good/copy.png")
              let report = DataCheck.Find(DataFolder.Detect(root).Open "cup", DataNeeds 1)
              let where = report.Errors |> Seq.map _.Where |> Seq.map Path.GetFileName |> Seq.sort |> List.ofSeq
              Expect.equal where [ "000.png"; "001.png"; "001_mask.png" ] "where"
              Expect.stringContains (Seq.exactlyOne report.Warnings).What "same content" "what of report warnings"
          }
          test "an empty mask under a defect is a warning" {
              use scratch = new Scratch.Folder()
              let root = scratch.File "data"
              category root |> ignore
              write $"{root}/cup/ground_truth/crack/000_mask.png" (RasterImage(20, 10, 1))
              let report = DataCheck.Find(DataFolder.Detect(root).Open "cup", DataNeeds 1)
              Expect.isEmpty report.Errors "errors of report"
              Expect.stringEnds (Seq.exactlyOne report.Warnings).Where "000_mask.png" "where of report warnings"
          }
          test "masks count values above 127, or above 0 when all are small" {
              use scratch = new Scratch.Folder()

              let read (values: byte[]) =
                  ImageFile.WritePng(scratch.File "m.png", RasterImage(values.Length, 1, 1, values))
                  (DefectMask.Read(scratch.File "m.png")).Pixels

              Expect.equal (read [| 0uy; 90uy; 255uy |]) [| 0uy; 0uy; 1uy |] "read"
              Expect.equal (read [| 0uy; 1uy; 2uy |]) [| 0uy; 1uy; 1uy |] "read"
          }
          test "images arrive in order with the same values whatever the number of workers" {
              use scratch = new Scratch.Folder()
              let paths = [| for i in 0..19 -> scratch.File $"{i}.png" |]
              paths |> Array.iteri (fun i path -> write path (picture (10 + i) 12 i))
              let items = paths |> Array.map (fun path -> ImageItem(path, string (Path.GetFileName path), "good", false))

              let load workers =
                  [ for image in ImageLoader.Load(items, Preprocessing.To 16, workers) do
                        use pixels = image.Pixels
                        image.Item.RelativeName, image.Width, pixels.data<float32>().ToArray() ]

              let one = load 1
              Expect.equal (one |> List.map (fun (_, width, _) -> width)) [ 10..29 ] "widths in order"
              Expect.equal (load 4) one "load 4"
          }
          test "a broken image surfaces at the consumer by name, after the images before it" {
              use scratch = new Scratch.Folder()
              write (scratch.File "a.png") (picture 8 8 0)
              File.WriteAllText(scratch.File "b.png", "")
              let items = [| for name in [ "a.png"; "b.png" ] -> ImageItem(scratch.File name, name, "good", false) |]
              use images = ImageLoader.Load(items, Preprocessing.To 8, 2).GetEnumerator()
              Expect.isTrue (images.MoveNext()) "move next of images"
              images.Current.Pixels.Dispose()
              let error = raised<ImageFileException>(fun () -> images.MoveNext() |> ignore)
              Expect.stringContains error.Message "b.png" "message of error"
          }
          test "an input is scaled to 0..1 and normalised with ImageNet's statistics" {
              let white = RasterImage(4, 4, 3, Array.create 48 255uy)
              let values = (Preprocessing.To 2).Apply white
              Expect.floatClose (within 5e-6) (float values[0]) (float ((1.0f - 0.485f) / 0.229f)) "values 0"
              Expect.floatClose (within 5e-6) (float values[11]) (float ((1.0f - 0.406f) / 0.225f)) "values 11"
          }
          testTheory
              "an input may be cut from the middle of an image that keeps its aspect ratio"
              [ 40, 24, 5, 1; 24, 40, 1, 5 ]
              (fun (width: int, height: int, left: int, top: int) ->
                  let image = RasterImage(width, height, 3, Array.init (3 * width * height) (fun i -> byte (i * i % 251)))
                  let preprocessing = Preprocessing.To(10, shorterSide = 12)
                  let resizedWidth, resizedHeight = width / 2, height / 2

                  Expect.equal
                      (preprocessing.CropOf(width, height))
                      (ImageCrop(resizedWidth, resizedHeight, left, top))
                      "preprocessing crop of width height"

                  let resized = image.Resize(resizedWidth, resizedHeight, ResizeFilter.Bilinear)

                  Expect.equal
                      (preprocessing.Resize(image).Pixels)
                      [| for y in 0..9 do
                             for x in 0..9 do
                                 for c in 0..2 -> resized.Pixels[((top + y) * resizedWidth + left + x) * 3 + c] |]
                      "preprocessing resize image pixels")
          test "nothing is cut from a square image that is as small as the input, nor where no shorter side is asked for" {
              Expect.isNull (Preprocessing.To(10, shorterSide = 10).CropOf(30, 30)) "square 10 shorter side crop"
              Expect.isNull (Preprocessing.To(10).CropOf(40, 24)) "square 10 crop of 40 24"

              Expect.isFalse ((System.Text.Json.JsonSerializer.Serialize(Preprocessing.To 10)).Contains "ShorterSide") "serialize square 10"
          }
          test "the data digest depends on names and contents, not on order" {
              let items = numbered 3
              let digest (items: ImageItem seq) = DataDigest.Of(items, (fun path -> "content " + path))
              Expect.equal (digest (Array.rev items)) (digest items) "digest items"
              Expect.notEqual (digest items[..1]) (digest items) "digest items 1"
              Expect.notEqual (DataDigest.Of(items, (fun path -> "other " + path))) (digest items) "data digest items"
          }
          test "the real bottle category is read and checked within seconds" {
              let bottle = DataFolder.Detect(Fixtures.require [ "data"; "mvtec_ad" ]).Open "bottle"
              Expect.equal (bottle.TrainImages.Count, bottle.TestImages.Count) (209, 83) "bottle train images test"
              let clock = Diagnostics.Stopwatch.StartNew()
              Expect.isEmpty (DataCheck.Find(bottle, DataNeeds 10)).Errors "errors of find bottle 10"
              Expect.isBetween clock.Elapsed.TotalSeconds 0.0 20.0 "total seconds of clock elapsed"
          } ]
