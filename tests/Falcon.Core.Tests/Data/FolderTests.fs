/// What lies in folders beside images: nothing is left out without a word.
module Falcon.Core.Tests.Data.FolderTests

open System
open System.IO
open Expecto
open Falcon
open Falcon.Tests
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data
open Falcon.Imaging

let private openCategory (folder: string) = (DataFolder.Detect folder).Open(string (Path.GetFileName folder))

let private check folder = DataCheck.Find(openCategory folder, DataNeeds 1)

let private whats (findings: Finding seq) = [ for finding in findings -> finding.What ]

let private names (images: ImageItem seq) = [ for image in images -> image.RelativeName ]

let private putText (path: string) (content: string) =
    Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
    File.WriteAllText(path, content)

[<Tests>]
let tests =
    testList
        "Folders"
        [ test "hidden files and those that systems put beside photos are nowhere seen" {
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 2 1

              for place in [ "train/good"; "test/scratch"; "ground_truth/scratch" ] do
                  for name in
                      [ "._000.png"
                        ".DS_Store"
                        "Thumbs.db"
                        "desktop.ini"
                        "@eaDir/000.png"
                        "__MACOSX/000.png"
                        ".hidden/1.png" ] do
                      putText $"{gear}/{place}/{name}" "no image"

              let category = openCategory gear
              Expect.equal (names category.TrainImages) [ "train/good/000.png"; "train/good/001.png" ] "training images"
              let report = check gear
              Expect.isEmpty report.Errors "errors"
              Expect.isEmpty report.Warnings "warnings"
              Expect.equal (ImageFile.In gear).Count 6 "images below"
          }
          test "files of kinds that are not read are counted in one line, texts and tables are not" {
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 2 1

              for name in [ "b.heic"; "c.AVIF"; "d.unknown" ] do
                  putText $"{gear}/train/good/{name}" "?"

              for name in [ "notes.txt"; "labels.csv"; "LICENSE"; "falcon.json" ] do
                  putText $"{gear}/train/good/{name}" "a text"

              File.Copy($"{gear}/train/good/000.png", $"{gear}/train/good/without-ending")

              Expect.equal
                  (whats (check gear).Warnings)
                  [ "4 files not read: train/good/b.heic, train/good/c.AVIF, train/good/d.unknown, train/good/without-ending" ]
                  "warnings"
          }
          test "every ending of images that are read counts, in any case" {
              use folder = new Scratch.Folder()

              let endings = [ ".png"; ".PNG"; ".Jpg"; ".jpeg"; ".jpe"; ".JFIF"; ".bmp"; ".dib"; ".gif"; ".webp"; ".tif"; ".TIFF" ]

              for index, ending in List.indexed endings do
                  writeImage 12 8 (folder.File $"photos/{index}{ending}")

              Expect.equal (openCategory (folder.File "photos")).TrainImages.Count endings.Length "number of images"
              Expect.isEmpty (check (folder.File "photos")).Warnings "warnings"
          }
          test "images in folders that no layout reads are counted by folder" {
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 2 1
              writeImages gear [ "train/rejected/1.png"; "train/rejected/2.png"; "more/1.png" ]
              Expect.equal (whats (check gear).Warnings) [ "3 images not read: 1 in more, 2 in train/rejected" ] "warnings"
          }
          test "a link back to a folder above is not followed, and said" {
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 2 1
              Directory.CreateSymbolicLink($"{gear}/train/good/loop", gear) |> ignore
              Directory.CreateSymbolicLink($"{gear}/up", "..") |> ignore
              Expect.equal (ImageFile.In gear).Count 6 "images below"
              Expect.equal (whats (check gear).Warnings) [ "2 links not followed, back to a folder above: train/good/loop, up" ] "warnings"
          }
          test "links to files and folders elsewhere are read, links to nothing are errors that name them" {
              use folder = new Scratch.Folder()
              writeImages (folder.File "store") [ "a.png"; "more/b.png" ]
              let gear = folder.File "gear"
              writeCategory gear 1 1
              File.CreateSymbolicLink($"{gear}/train/good/a.png", folder.File "store/a.png") |> ignore
              Directory.CreateSymbolicLink($"{gear}/test/dent", folder.File "store/more") |> ignore
              Expect.equal (openCategory gear).TrainImages.Count 2 "training images"
              Expect.contains (names (openCategory gear).TestImages) "test/dent/b.png" "test images"
              File.CreateSymbolicLink($"{gear}/train/good/gone.png", folder.File "store/gone.png") |> ignore
              let error = (check gear).Errors |> Seq.find (fun error -> error.Where.EndsWith("gone.png", StringComparison.Ordinal))
              Expect.stringContains error.What "a link to" "what of error"
          }
          test "a folder that may not be read is an error that names it" {
              if OperatingSystem.IsWindows() || Environment.UserName = "root" then
                  skiptest "this user may read everything"

              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 2 1
              let closed = $"{gear}/test/dent"
              Directory.CreateDirectory(closed, UnixFileMode.None) |> ignore

              try
                  Expect.equal [ for error in (check gear).Errors -> error.Where ] [ closed ] "errors"

                  Expect.equal
                      (raised<InvalidInputException>(fun () -> ImageFile.In gear |> ignore)).Findings[0].Where
                      closed
                      "images below"
              finally
                  File.SetUnixFileMode(closed, UnixFileMode.UserRead ||| UnixFileMode.UserWrite ||| UnixFileMode.UserExecute)
          }
          test "names that differ in ending or case alone are a warning with a count" {
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 2 1
              writeImages gear [ "train/good/000.jpg"; "train/good/000.PNG"; "test/scratch/000.bmp" ]

              Expect.equal
                  (whats (check gear).Warnings |> List.truncate 1)
                  [ "2 names that more than one image has, but for its ending or case: train/good/000.PNG and train/good/000.jpg and train/good/000.png" ]
                  "warnings"
          }
          testTheory
              "normal images are known by every usual name in any case"
              [ "good"
                "Good"
                "OK"
                "Ok"
                "iO"
                "i.O."
                "Gut"
                "NORMAL"
                "pass"
                "Passed"
                "no_defect"
                "Defect-free"
                "良品"
                "正常"
                "ＯＫ"
                // 양품 and годный with their marks apart, as macOS stores them.
                "\u110B\u1163\u11BC\u1111\u116E\u11B7"
                "годныи\u0306" ]
              (fun (name: string) ->
                  use folder = new Scratch.Folder()
                  writeImages (folder.File "gear") [ $"train/{name}/1.png"; $"test/{name}/2.png"; "test/NG/3.png"; "test/not_ok/4.png" ]
                  let gear = openCategory (folder.File "gear")
                  Expect.equal (names gear.TrainImages) [ $"train/{name}/1.png" ] "training images"

                  Expect.equal
                      (set [ for image in gear.TestImages -> image.RelativeName, image.IsAnomalous ])
                      (set [ $"test/{name}/2.png", false; "test/NG/3.png", true; "test/not_ok/4.png", true ])
                      "test images"

                  Expect.isEmpty gear.Remarks "remarks")
          test "several folders of normal images are all read" {
              use folder = new Scratch.Folder()

              writeImages
                  (folder.File "gear")
                  [ "Train/OK/1.png"; "Train/good/2.png"; "Test/good/1.png"; "Test/OK/2.png"; "Test/Scratch/1.png" ]

              let gear = openCategory (folder.File "gear")
              Expect.equal gear.TrainImages.Count 2 "training images"
              Expect.equal [ for image in gear.TestImages -> image.IsAnomalous ] [ false; true; false ] "test images"
          }
          test "names that may mean good parts are asked about" {
              use folder = new Scratch.Folder()

              writeImages
                  (folder.File "gear")
                  [ "train/good/1.png"
                    "test/negative/1.png"
                    "test/0/1.png"
                    "test/good_2/1.png"
                    "test/broken/1.png"
                    "test/not ok/1.png" ]

              Expect.equal
                  (whats (check (folder.File "gear")).Warnings)
                  [ "counts 0, good_2, negative as kinds of defect, which may be wrong" ]
                  "warnings"
          }
          test "MVTec AD 2 is read with its public test images" {
              use folder = new Scratch.Folder()

              writeImages
                  (folder.File "can")
                  [ "train/good/1.png"
                    "validation/good/1.png"
                    "test_public/good/1.png"
                    "test_public/bad/1.png"
                    "test_private/1.png"
                    "test_private_mixed/1.png" ]

              writeMasks (folder.File "can") 255uy [ "test_public/ground_truth/bad/1_mask.png" ]
              let can = openCategory (folder.File "can")
              Expect.equal (names can.TestImages) [ "test_public/bad/1.png"; "test_public/good/1.png" ] "test images"
              Expect.isNotNull can.TestImages[0].MaskPath "mask"
              Expect.equal can.ValidationImages.Count 1 "validation images"
              Expect.isEmpty (check (folder.File "can")).Warnings "warnings"
          }
          test "of MVTec LOCO the masks of an image are joined, by all readers, and that its own metric is none is said" {
              use folder = new Scratch.Folder()
              let set = folder.File "loco"

              writeImages $"{set}/pushpins" [ "train/good/000.png"; "validation/good/000.png"; "test/good/000.png" ]
              writeImages $"{set}/pushpins" [ "test/logical_anomalies/000.png"; "test/structural_anomalies/000.png" ]
              File.WriteAllText($"{set}/pushpins/defects_config.json", """[{"defect_name": "x", "pixel_value": 254}]""")

              let mask name (level: byte) columns =
                  let path = $"{set}/pushpins/ground_truth/{name}"
                  Directory.CreateDirectory(nonNull (Path.GetDirectoryName path)) |> ignore
                  let shape = ImageFile.ReadShape $"{set}/pushpins/test/good/000.png"

                  let pixels =
                      Array.init (shape.Width * shape.Height) (fun i -> if List.contains (i % shape.Width) columns then level else 0uy)

                  ImageFile.WritePng(path, RasterImage(shape.Width, shape.Height, 1, pixels))

              mask "logical_anomalies/000/000.png" 254uy [ 0 ]
              mask "logical_anomalies/000/001.png" 3uy [ 1; 0 ]
              mask "structural_anomalies/000/000.png" 250uy [ 2 ]
              let found = DataFolder.Detect set
              Expect.equal found.Name "MVTec LOCO AD" "name"
              let pins = found.Open "pushpins"
              let logical = pins.TestImages |> Seq.find (fun image -> image.Defect = "logical_anomalies")
              let shape = ImageFile.ReadShape logical.Path
              let read = DefectMask.Read(nonNull logical.MaskPath, pins.MaskThreshold)
              Expect.equal (read.Pixels |> Array.sumBy int) (2 * shape.Height) "joined"
              Expect.hasLength pins.ValidationImages 1 "validation"
              let report = check $"{set}/pushpins"
              Expect.isEmpty report.Errors "errors"
              Expect.hasLength report.Warnings 1 $"{whats report.Warnings}"
              Expect.stringContains report.Warnings[0].What "sPRO, is none that is measured" "what is said"

              let maps = folder.File "maps"

              for name in [ "good"; "logical_anomalies"; "structural_anomalies" ] do
                  Directory.CreateDirectory $"{maps}/{name}" |> ignore
                  use file = File.Create $"{maps}/{name}/000.npy"

                  Falcon.Results.NpyArray.Write(
                      file,
                      ReadOnlySpan(Array.zeroCreate<float32>(shape.Width * shape.Height)),
                      shape.Width,
                      shape.Height
                  )

              use maps = new Falcon.Results.MapFolder(maps, $"{set}/pushpins/ground_truth")
              Expect.equal [ for map in maps -> map.Mask.ToArray() |> Array.sumBy int ] [ 0; 2 * shape.Height; shape.Height ] "of maps"

              // Changing one of several masks changes the data; masks of other sizes are named.
              let digest () = DataDigest.Of(pins.TestImages, (fun path -> FileDigest.Sha256 path))
              let before = digest ()
              mask "logical_anomalies/000/001.png" 3uy [ 1 ]
              Expect.notEqual (digest ()) before "digest"
              File.Delete $"{set}/pushpins/ground_truth/logical_anomalies/000/001.png"
              writeMasks $"{set}/pushpins" 255uy [ "ground_truth/logical_anomalies/000/002.png" ]
              writeMask (shape.Width + 1) shape.Height 9uy $"{set}/pushpins/ground_truth/logical_anomalies/000/002.png"
              Expect.exists (check $"{set}/pushpins").Errors (fun finding -> finding.Where.EndsWith "000/002.png") "another size"
          } ]
