module Falcon.Core.Tests.Data.DataCheckTests

open System
open System.IO
open Expecto
open Falcon.Core.Tests
open Falcon.Core.Tests.Data.ImageTree
open Falcon.Data

let private openCategory (folder: string) = (DataFolder.Detect folder).Open(string (Path.GetFileName folder))

let private find folder = DataCheck.Find(openCategory folder, DataNeeds(1, Test = true, Masks = true))

let private where (findings: Falcon.Finding seq) = [ for finding in findings -> string (Path.GetFileName finding.Where) ]

[<Tests>]
let tests =
    testList
        "Data check"
        [ test "a sound category has no findings" {
              use folder = new Scratch.Folder()
              writeCategory (folder.File "gear") 4 2
              let report = find (folder.File "gear")
              Expect.isEmpty report.Errors "errors of report"
              Expect.isEmpty report.Warnings "warnings of report"
          }
          testTheory "a truncated image is an error though its header is whole" [ ".png"; ".jpg"; ".bmp" ] (fun (extension: string) ->
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 2 1
              let path = $"{gear}/test/scratch/cut{extension}"
              let image = Falcon.Imaging.RasterImage(40, 40, 3)

              if extension = ".jpg" then
                  File.WriteAllBytes(path, Falcon.Imaging.ImageFile.EncodeJpeg(image))
              elif extension = ".png" then
                  Falcon.Imaging.ImageFile.WritePng(path, image)
              else
                  let header =
                      [| 0x42uy
                         0x4Duy
                         0uy
                         0uy
                         0uy
                         0uy
                         0uy
                         0uy
                         0uy
                         0uy
                         54uy
                         0uy
                         0uy
                         0uy
                         40uy
                         0uy
                         0uy
                         0uy
                         40uy
                         0uy
                         0uy
                         0uy
                         40uy
                         0uy
                         0uy
                         0uy
                         1uy
                         0uy
                         24uy
                         0uy |]

                  File.WriteAllBytes(path, Array.concat [ header; Array.zeroCreate (24 + 3 * 40 * 40) ])

              writeMask 40 40 255uy $"{gear}/ground_truth/scratch/cut_mask.png"
              Expect.isEmpty (find gear).Errors "errors of find gear"
              let whole = File.ReadAllBytes path
              File.WriteAllBytes(path, whole[.. whole.Length - 20])
              Expect.equal (where (find gear).Errors) [ $"cut{extension}" ] "where find gear errors")
          test "an unreadable mask is an error beside those of the images" {
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 3 2
              File.WriteAllText($"{gear}/ground_truth/scratch/001_mask.png", "no mask")
              File.Delete $"{gear}/ground_truth/scratch/000_mask.png"
              File.WriteAllText($"{gear}/train/good/002.png", "no image")
              Expect.equal (where (find gear).Errors) [ "002.png"; "000.png"; "001_mask.png" ] "where find gear errors"
          }
          test "copies within the training images and between training and test are warnings, copies among test images are not" {
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 3 1
              File.Copy($"{gear}/train/good/000.png", $"{gear}/train/good/copy.png")
              File.Copy($"{gear}/train/good/001.png", $"{gear}/test/good/copy.png")
              File.Copy($"{gear}/test/good/000.png", $"{gear}/test/good/twin.png")
              let warnings = (find gear).Warnings
              Expect.equal (where warnings) [ "000.png"; "001.png" ] "where warnings"
              Expect.stringContains warnings[0].What "train/good/copy.png" "what of warnings 0"
              Expect.stringContains warnings[1].Fix "tested makes numbers too good" "fix of warnings 1"
          }
          test "masks and tests are missed only by runs that need them" {
              use folder = new Scratch.Folder()
              let gear = folder.File "gear"
              writeCategory gear 2 1
              File.Delete $"{gear}/ground_truth/scratch/000_mask.png"
              let errors (needs: DataNeeds) = where (DataCheck.Find(openCategory gear, needs)).Errors
              Expect.isEmpty (errors (DataNeeds(1, Test = true))) "errors data needs 1 test"
              Expect.equal (errors (DataNeeds(1, Masks = true))) [ "000.png" ] "errors data needs 1 masks"
              Directory.Delete($"{gear}/test/scratch", true)
              Expect.isEmpty (errors (DataNeeds(1, Masks = true))) "errors data needs 1 masks"
              Expect.equal (errors (DataNeeds(1, Test = true))) [ "gear" ] "errors data needs 1 test"
          }
          test "the photos of tile are sound" {
              let tile = openCategory (Fixtures.require [ "data"; "magnetic_tile"; "tile" ])
              Expect.equal (tile.TrainImages.Count, tile.TestImages.Count) (200, 250) "tile train images test"

              Expect.isEmpty
                  (DataCheck.Find(tile, DataNeeds(10, Test = true, Masks = true))).Errors
                  "errors of find tile data needs 10 test"
          } ]
