/// Every layout with its quirks, on small trees.
module Falcon.Core.Tests.Data.LayoutTests

open System.IO
open Expecto
open Falcon.Protocol
open Falcon.Tests
open Falcon
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data

let private names (images: seq<ImageItem>) = [ for image in images -> image.RelativeName ]

let private masks (category: Category) =
    [ for image in category.TestImages do
          match image.MaskPath with
          | null -> ()
          | mask -> Path.GetRelativePath(category.Folder, mask) ]

let private anomalous (category: Category) = [ for image in category.TestImages -> image.IsAnomalous ]

let private refused (action: unit -> obj) = (raised<InvalidInputException>(fun () -> action () |> ignore)).Message

/// A VisA archive with two categories of two training images; its split file is not sorted.
let private writeVisa (root: string) =
    for category in [ "candle"; "fryum" ] do
        writeImages $"{root}/{category}/Data/Images" [ "Normal/0000.JPG"; "Normal/0001.JPG"; "Normal/0002.JPG"; "Anomaly/000.JPG" ]
        writeMasks $"{root}/{category}/Data/Masks" 3uy [ "Anomaly/000.png" ]
        File.WriteAllText($"{root}/{category}/image_anno.csv", "")

    let lines category =
        [ $"{category},test,anomaly,{category}/Data/Images/Anomaly/000.JPG,{category}/Data/Masks/Anomaly/000.png"
          $"{category},train,normal,{category}/Data/Images/Normal/0002.JPG,"
          $"{category},test,normal,{category}/Data/Images/Normal/0001.JPG,"
          $"{category},train,normal,{category}/Data/Images/Normal/0000.JPG," ]

    Directory.CreateDirectory $"{root}/split_csv" |> ignore
    File.WriteAllLines($"{root}/split_csv/1cls.csv", "object,split,label,image,mask" :: lines "fryum" @ lines "candle")

/// A folder that nobody's layout fits.
let private writeOwn (root: string) =
    writeImages root [ "ok/1.png"; "later/1.png"; "bad/dent/1.png"; "bad/0.png" ]
    writeMasks root 90uy [ "truth/dent/1_mask.png"; "truth/0.bmp" ]

let private own = """{"normal": "ok", "normalTest": "later", "abnormal": "bad", "masks": "truth", "maskLevel": 80}"""

[<Tests>]
let tests =
    testList
        "Layout"
        [ test "a VisA archive is split by its file, whatever the order of the lines" {
              use folder = new Scratch.Folder()
              writeVisa (folder.File "visa")
              let visa = DataFolder.Detect(folder.File "visa")
              Expect.equal visa.Name "VisA" "name of visa"
              Expect.equal (List.ofSeq visa.Categories) [ "candle"; "fryum" ] "visa categories"
              let candle = visa.Open "candle"

              Expect.equal
                  (names candle.TrainImages)
                  [ "Data/Images/Normal/0000.JPG"; "Data/Images/Normal/0002.JPG" ]
                  "names candle train images"

              Expect.equal
                  (names candle.TestImages)
                  [ "Data/Images/Anomaly/000.JPG"; "Data/Images/Normal/0001.JPG" ]
                  "names candle test images"

              Expect.equal (anomalous candle) [ true; false ] "anomalous candle"
              Expect.equal (masks candle) [ "Data/Masks/Anomaly/000.png" ] "masks candle"
          }
          test "VisA's masks of small class numbers are defects from 1" {
              use folder = new Scratch.Folder()
              writeVisa (folder.File "visa")
              let mask = folder.File "visa/candle/Data/Masks/Anomaly/000.png"

              let pixels =
                  Array.init 96 (fun i ->
                      if i = 0 then 1uy
                      elif i = 1 then 200uy
                      else 0uy)

              Falcon.Imaging.ImageFile.WritePng(mask, Falcon.Imaging.RasterImage(12, 8, 1, pixels))
              let candle = DataFolder.Detect(folder.File "visa").Open "candle"
              Expect.equal (DefectMask.Read(mask, candle.MaskThreshold).Pixels |> Array.sumBy int) 2 "read mask candle threshold pixels"

              Expect.isEmpty
                  (DataCheck.Find(candle, DataNeeds(2, Test = true, Masks = true))).Errors
                  "errors of find candle data needs 2 test"
          }
          test "one category of a VisA archive is read with the split file beside it" {
              use folder = new Scratch.Folder()
              writeVisa (folder.File "visa")
              let candle = DataFolder.Detect(folder.File "visa/candle")
              Expect.equal (List.ofSeq candle.Categories) [ "candle" ] "candle categories"
              Expect.equal (candle.Open("candle").TrainImages.Count) 2 "candle open train images"
          }
          test "a VisA archive without its split file says which file is expected" {
              use folder = new Scratch.Folder()
              writeVisa (folder.File "visa")
              Directory.Delete(folder.File "visa/split_csv", true)
              let message = refused (fun () -> DataFolder.Detect(folder.File "visa").Open "candle")
              Expect.stringContains message "expected split_csv/1cls.csv, found candle/, fryum/" "message"
          }
          test "a split file that is none, or has wrong lines, says which" {
              use folder = new Scratch.Folder()
              writeVisa (folder.File "visa")
              let split = folder.File "visa/split_csv/1cls.csv"
              let lines = File.ReadAllLines split
              let message () = refused (fun () -> DataFolder.Detect(folder.File "visa").Open "candle")
              File.WriteAllLines(split, [ "object,image" ])
              Expect.stringContains (message ()) "expected the header object,split,label,image,mask, found 'object,image'" "message"

              File.WriteAllLines(
                  split,
                  [ yield! lines
                    "candle,train,anomaly,candle/Data/Images/Anomaly/000.JPG,"
                    "candle,train,normal,../elsewhere/1.JPG,"
                    lines[5] ]
              )

              let all = message ()
              Expect.stringContains all "line 10" "message"
              Expect.stringContains all "line 11" "message"
              Expect.stringContains all "names candle/Data/Images/Anomaly/000.JPG 2 times" "message"
              File.WriteAllLines(split, lines |> Array.filter (fun line -> not (line.StartsWith "candle")))
              Expect.stringContains (message ()) "has no line for this category" "message"
          }
          test "a mask and an image that the split file leaves out are noticed" {
              use folder = new Scratch.Folder()
              writeVisa (folder.File "visa")
              writeMasks (folder.File "visa/candle/Data/Masks") 1uy [ "Anomaly/001.png" ]
              writeImages (folder.File "visa/candle/Data/Images") [ "Normal/0003.JPG" ]
              let visa = DataFolder.Detect(folder.File "visa")
              let warnings = [ for warning in (DataCheck.Find(visa.Open "candle", DataNeeds 1)).Warnings -> warning.What ]
              Expect.equal warnings [ "1 image not read: 1 in Data/Images/Normal"; "is a mask without an image" ] "warnings"
              let odd = [ for finding in CategorySurvey.Of(visa, "candle").Odd -> finding.What ]
              Expect.exists odd (fun what -> what.Contains "1 in Data/Images/Normal") "what differs"
          }
          test "a VisA archive says the same by a relative path" {
              use folder = new Scratch.Folder()
              writeVisa (folder.File "visa")
              let relative = Path.GetRelativePath(Directory.GetCurrentDirectory(), folder.File "visa")
              let candle = (DataFolder.Detect relative).Open "candle"
              Expect.isEmpty candle.LooseMasks "loose masks"
              let report = DataCheck.Find(candle, DataNeeds 1)
              Expect.isEmpty report.Errors "errors"
              Expect.isEmpty report.Warnings "warnings"
          }
          testTheory
              "the reorganised VisA is found at any of its levels, its masks have the images' names"
              [ "1cls"; "VisA_pytorch/1cls"; "visa_pytorch"; "" ]
              (fun (level: string) ->
                  use folder = new Scratch.Folder()
                  let root = folder.File $"data/{level}/pcb1"
                  writeImages root [ "train/good/0000.JPG"; "test/good/0001.JPG"; "test/bad/000.JPG" ]
                  writeMasks root 255uy [ "ground_truth/bad/000.png" ]
                  let visa = DataFolder.Detect(folder.File "data")
                  Expect.equal visa.Name "VisA" "name of visa"
                  let pcb1 = visa.Open "pcb1"
                  Expect.equal (anomalous pcb1) [ true; false ] "anomalous pcb1"
                  Expect.equal (masks pcb1) [ "ground_truth/bad/000.png" ] "masks pcb1")
          test "MPDD is told from MVTec AD by its categories" {
              use folder = new Scratch.Folder()
              writeCategory (folder.File "metal/tubes") 1 0
              let mpdd = DataFolder.Detect(folder.File "metal")
              Expect.equal mpdd.Name "MPDD" "name of mpdd"
              Expect.equal ((nonNull mpdd.Published).Category("tubes") |> nonNull |> _.Train) 122 "mpdd published category tubes train"
          }
          test "of MVTec 3D-AD the colour images are read, with or without depth, and the empty masks of good images are not" {
              use folder = new Scratch.Folder()
              let bagel = folder.File "3d/bagel"

              writeImages
                  bagel
                  [ "train/good/rgb/000.png"; "validation/good/rgb/000.png"; "test/good/rgb/000.png"; "test/hole/rgb/000.png" ]

              writeImages bagel [ "train/good/xyz/000.tiff" ]
              writeMasks bagel 0uy [ "test/good/gt/000.png" ]
              writeMasks bagel 255uy [ "test/hole/gt/000.png" ]
              let found = DataFolder.Detect(folder.File "3d")
              Expect.equal found.Name "MVTec 3D-AD (RGB)" "name of found"
              let category = found.Open "bagel"
              Expect.equal (names category.TrainImages) [ "train/good/rgb/000.png" ] "names category train images"
              Expect.equal (names category.ValidationImages) [ "validation/good/rgb/000.png" ] "names category validation images"
              Expect.equal (names category.TestImages) [ "test/good/rgb/000.png"; "test/hole/rgb/000.png" ] "names category test images"
              Expect.equal (anomalous category) [ false; true ] "anomalous category"
              Expect.equal (masks category) [ "test/hole/gt/000.png" ] "masks category"
              let report = DataCheck.Find(category, DataNeeds(1, Test = true, Masks = true))
              Expect.isEmpty report.Errors "errors of report"
              Expect.isEmpty report.Warnings "warnings of report"
              Expect.equal (List.ofSeq (DataFolder.Detect bagel).Categories) [ "bagel" ] "detect bagel categories"
          }
          test "BTAD names good images ok, its masks may have another extension, and masks of ok images are left out" {
              use folder = new Scratch.Folder()
              let product = folder.File "btad/BTech_Dataset_transformed/03"
              writeImages product [ "train/ok/0000.bmp"; "test/ok/0001.bmp"; "test/ko/0000.bmp"; "test/ko/0001.bmp" ]
              writeMasks product 255uy [ "ground_truth/ko/0000.png"; "ground_truth/ko/0001.bmp"; "ground_truth/ok/0001.png" ]
              let btad = DataFolder.Detect(folder.File "btad")
              Expect.equal btad.Name "BTAD" "name of btad"
              let category = btad.Open "03"
              Expect.equal (names category.TrainImages) [ "train/ok/0000.bmp" ] "names category train images"
              Expect.equal (anomalous category) [ true; true; false ] "anomalous category"
              Expect.equal (masks category) [ "ground_truth/ko/0000.png"; "ground_truth/ko/0001.bmp" ] "masks category"
              Expect.isEmpty category.LooseMasks "loose masks of category"
          }
          test "categories called 01 and 02 are nobody's when their good images are called otherwise" {
              use folder = new Scratch.Folder()
              writeCategory (folder.File "parts/01") 1 1
              Expect.equal (DataFolder.Detect(folder.File "parts")).Name "parts" "name of detect parts"
          }
          test "a file says where the images of a folder are, of one category or of several" {
              use folder = new Scratch.Folder()
              writeOwn (folder.File "one")
              writeOwn (folder.File "set/gear")
              writeOwn (folder.File "set/lid")
              File.WriteAllText(folder.File $"one/{FolderNames.FileName}", own)
              File.WriteAllText(folder.File $"set/{FolderNames.FileName}", own)
              Expect.equal (List.ofSeq (DataFolder.Detect(folder.File "set")).Categories) [ "gear"; "lid" ] "detect set categories"

              for category in [ DataFolder.Detect(folder.File "one").Open "one"; DataFolder.Detect(folder.File "set/lid").Open "lid" ] do
                  Expect.equal (names category.TrainImages) [ "ok/1.png" ] "names category train images"
                  Expect.equal (names category.TestImages) [ "bad/0.png"; "bad/dent/1.png"; "later/1.png" ] "names category test images"
                  Expect.equal [ for image in category.TestImages -> image.Defect ] [ "bad"; "dent"; "good" ] "image defect"
                  Expect.equal (masks category) [ "truth/0.bmp"; "truth/dent/1_mask.png" ] "masks category"
                  Expect.equal category.MaskThreshold (MaskThreshold 80uy) "mask threshold of category"

                  Expect.isEmpty
                      (DataCheck.Find(category, DataNeeds(1, Test = true, Masks = true))).Errors
                      "errors of find category data needs 1 test"
          }
          testTheory
              "a file that does not say it right is refused with what is wrong"
              [ """{"normal": "ok", "abnormals": "bad"}""", "abnormals"
                """{"abnormal": "bad"}""", "normal is missing"
                """{"normal": "../ok"}""", "../ok is not below"
                """{"normal": "ok", "normalTest": "ok"}""", "ok stands for two things"
                "normal: ok", "does not say where the images are"
                """{"normal": "fine"}""", "expected fine/IMAGE here or in a category's folder, found bad/, later/, ok/, truth/" ]
              (fun (text: string, problem: string) ->
                  use folder = new Scratch.Folder()
                  writeOwn (folder.File "one")
                  File.WriteAllText(folder.File $"one/{FolderNames.FileName}", text)
                  Expect.stringContains (refused (fun () -> DataFolder.Detect(folder.File "one"))) problem "refused")
          test "a folder that is nothing is told every layout that is read" {
              use folder = new Scratch.Folder()
              writeImages (folder.File "odd") [ "bad/1.png"; "fine/1.png" ]
              let message = refused (fun () -> DataFolder.Detect(folder.File "odd"))

              for expected in
                  [ "train/good/IMAGE"
                    "train/good/rgb/IMAGE"
                    "split_csv/1cls.csv"
                    FolderNames.FileName
                    "found bad/, fine/" ] do
                  Expect.stringContains message expected "message"
          }
          test "masks without images are named with their files" {
              use folder = new Scratch.Folder()
              writeCategory (folder.File "set/gear") 1 1
              writeMasks (folder.File "set/gear/ground_truth") 255uy [ "scratch/007_mask.png"; "bent/000_mask.png" ]
              let gear = DataFolder.Detect(folder.File "set").Open "gear"
              let report = DataCheck.Find(gear, DataNeeds 1)

              Expect.equal
                  ([ for warning in report.Warnings -> string (Path.GetFileName warning.Where) ] |> List.sort)
                  [ "000_mask.png"; "007_mask.png" ]
                  "name warning where"
          } ]
