module Falcon.Core.Tests.Data.DataFolderTests

open System
open System.IO
open Expecto
open Falcon.Tests
open Falcon
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data

let private names (images: seq<ImageItem>) = [ for image in images -> image.RelativeName ]

[<Tests>]
let tests =
    testList
        "Data folder"
        [ test "images are sorted ordinally, whatever the case of their extension, and other files are left out" {
              use folder = new Scratch.Folder()
              let bottle = folder.File "set/bottle"
              writeCategory bottle 2 1
              writeImage 12 8 $"{bottle}/train/good/a.PNG"
              writeImage 12 8 $"{bottle}/train/good/B.JpEg"
              File.WriteAllText($"{bottle}/readme.txt", "")
              File.WriteAllText($"{bottle}/train/good/notes.txt", "")
              File.WriteAllText($"{bottle}/train/good/._000.png", "")
              let category = (DataFolder.Detect(folder.File "set")).Open "bottle"

              Expect.equal
                  (names category.TrainImages)
                  [ for name in [ "000.png"; "001.png"; "B.JpEg"; "a.PNG" ] -> "train/good/" + name ]
                  "names category train images"

              Expect.equal
                  (names category.TestImages)
                  [ "test/good/000.png"; "test/good/001.png"; "test/scratch/000.png" ]
                  "names category test images"

              Expect.equal [ for image in category.TestImages -> image.Defect ] [ "good"; "good"; "scratch" ] "image defect"
          }
          test "published categories and defects make it MVTec AD with its licence, others a data set named after the folder" {
              use folder = new Scratch.Folder()
              writeCategory (folder.File "one/bottle") 1 0
              writeCategory (folder.File "one/screw") 1 0
              writeImages (folder.File "one/screw") [ "test/Thread_top/0.png"; "test/rust/0.png" ]
              writeCategory (folder.File "two/bottle") 1 1
              writeCategory (folder.File "two/gear") 1 1
              let one = DataFolder.Detect(folder.File "one/")
              Expect.equal (one.Name, (nonNull one.Published).Licence) ("MVTec AD", "CC BY-NC-SA 4.0") "one name published licence"
              Expect.equal (List.ofSeq one.Categories) [ "bottle"; "screw" ] "one categories"
              let two = DataFolder.Detect(folder.File "two/")
              Expect.equal two.Name "two" "name of two"
              Expect.isNull two.Published "published of two"
              writeImages (folder.File "one/screw") [ "test/bent/0.png" ]
              Expect.equal (DataFolder.Detect(folder.File "one")).Name "one" "screws with two kinds of three that nobody published"
          }
          test "a plain folder may name good images otherwise, and its masks may lack the suffix or be missing" {
              use folder = new Scratch.Folder()
              let root = folder.File "lids"

              for name in [ "train/ok/0.png"; "test/ok/0.png"; "test/bad/0.png"; "test/bad/1.png"; "test/bad/2.png" ] do
                  writeImage 12 8 $"{root}/{name}"

              writeMask 12 8 255uy $"{root}/ground_truth/bad/0.bmp"
              writeMask 12 8 255uy $"{root}/ground_truth/bad/1_mask.png"
              writeMask 12 8 255uy $"{root}/ground_truth/bad/1.png"
              let lids = (DataFolder.Detect root).Open "lids"
              Expect.equal (names lids.TrainImages) [ "train/ok/0.png" ] "names lids train images"
              Expect.equal [ for image in lids.TestImages -> image.IsAnomalous ] [ true; true; true; false ] "image is anomalous"

              Expect.equal
                  [ for image in lids.TestImages -> string (Path.GetFileName image.MaskPath) ]
                  [ "0.bmp"; "1_mask.png"; ""; "" ]
                  "name image mask path"
          }
          test "good photos lie directly in a folder or in its train folder" {
              use folder = new Scratch.Folder()

              for name in [ "bolts/10.png"; "bolts/2.TIF"; "nuts/train/1.png"; "nuts/test/good/1.png" ] do
                  writeImage 12 8 (folder.File name)

              let bolts = (DataFolder.Detect(folder.File "bolts")).Open "bolts"
              Expect.equal (names bolts.TrainImages) [ "10.png"; "2.TIF" ] "names bolts train images"
              Expect.isEmpty bolts.TestImages "test images of bolts"
              let nuts = (DataFolder.Detect(folder.File "nuts")).Open "nuts"
              Expect.equal (names nuts.TrainImages) [ "train/1.png" ] "names nuts train images"
              Expect.equal (names nuts.TestImages) [ "test/good/1.png" ] "names nuts test images"
          }
          test "a missing folder, a file, an odd tree and an unknown category are named with what is there" {
              use folder = new Scratch.Folder()
              let message (action: unit -> obj) = (raised<InvalidInputException>(action >> ignore)).Message
              Expect.stringContains (message (fun () -> DataFolder.Detect(folder.File "none"))) "there is no such folder" "message"
              writeImage 12 8 (folder.File "photo.png")
              Expect.stringContains (message (fun () -> DataFolder.Detect(folder.File "photo.png"))) "found a file" "message"
              writeImage 12 8 (folder.File "odd/good/0.png")
              writeImage 12 8 (folder.File "odd/bad/0.png")
              Expect.stringContains (message (fun () -> DataFolder.Detect(folder.File "odd"))) "found bad/, good/" "message"
              writeCategory (folder.File "set/bottle") 1 1

              Expect.stringContains
                  (message (fun () -> (DataFolder.Detect(folder.File "set")).Open "botle"))
                  "Choose from: bottle"
                  "message detect set open botle"
          }
          test "a category is found however the letters of its name are composed, and two that differ in that alone stay two" {
              use folder = new Scratch.Folder()
              // The same to the eye: in one, and with the marks apart, as macOS stores them.
              let pairs =
                  [ "Sch\u00E4den", "Scha\u0308den"
                    "Vi\u1EC7t", "Vie\u0323\u0302t"
                    "\u00E1\u0327", "a\u0327\u0301"
                    "\uC591\uD488", "\u110B\u1163\u11BC\u1111\u116E\u11B7"
                    "\u30AC\u30E9\u30B9", "\u30AB\u3099\u30E9\u30B9" ]

              for _, stored in pairs do
                  writeCategory (folder.File $"set/{stored}") 1 1

              let source () = DataFolder.Detect(folder.File "set")

              for typed, stored in pairs do
                  Expect.equal ((source ()).Open typed).Name stored typed

              if not (OperatingSystem.IsMacOS()) then
                  for typed, stored in pairs do
                      writeCategory (folder.File $"set/{typed}") 2 1
                      Expect.equal ((source ()).Open typed).TrainImages.Count 2 typed
                      Expect.equal ((source ()).Open stored).TrainImages.Count 1 stored

                  let other = raised<InvalidInputException>(fun () -> (source ()).Open "Schaden" |> ignore)
                  Expect.stringContains other.Message "there is no such category" "another letter is another name"
          } ]
