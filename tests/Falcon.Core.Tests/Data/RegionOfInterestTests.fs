module Falcon.Core.Tests.Data.RegionOfInterestTests

open System
open System.IO
open System.Text.Json
open Expecto
open FsCheck
open FsCheck.FSharp
open Falcon
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Imaging
open Falcon.Protocol
open Falcon.Tests

/// Pictures of two values with at least one pixel inside; runs are short and long.
let private regions =
    gen {
        let! width = Gen.choose (1, 24)
        let! height = Gen.choose (1, 24)
        let! changes = Gen.arrayOfLength (width * height) (Gen.frequency [ 5, Gen.constant false; 1, Gen.constant true ])
        let! certain = Gen.choose (0, width * height - 1)
        let inside = Array.scan (fun value change -> if change then 1uy - value else value) 0uy changes |> Array.tail
        inside[certain] <- 1uy
        return width, height, inside
    }

let private property name test = testProperty name (Prop.forAll (Arb.fromGen regions) test)

let private region width height (inside: byte[]) = RegionOfInterest(width, height, ReadOnlySpan inside)

let private parsed text = raised<InvalidInputException>(fun () -> RegionOfInterest.Parse text |> ignore)

[<Tests>]
let tests =
    testList
        "Region of interest"
        [ property "its text says all of it, and equal regions are equal" (fun (width, height, inside) ->
              let drawn = region width height inside
              let read = RegionOfInterest.Parse(string drawn)
              Expect.equal (read.At(width, height).ToArray()) inside "pixels"
              Expect.equal read drawn "value"
              Expect.equal (JsonSerializer.Deserialize<RegionOfInterest>(JsonSerializer.Serialize drawn)) drawn "in JSON")
          property "a pixel of another size is inside where any part of it is" (fun (width, height, inside) ->
              let drawn = region width height inside

              for other, down in [ 1, 1; 5, 3; width * 2, height; 7, height * 3 ] do
                  let seen = drawn.At(other, down).ToArray()

                  for y in 0 .. down - 1 do
                      for x in 0 .. other - 1 do
                          let touched =
                              seq {
                                  for row in 0 .. height - 1 do
                                      for column in 0 .. width - 1 do
                                          if inside[row * width + column] > 0uy then
                                              // The open squares of both pixels overlap, in units of 1 / (width · other).
                                              column * other < (x + 1) * width
                                              && x * width < (column + 1) * other
                                              && row * down < (y + 1) * height
                                              && y * height < (row + 1) * down
                              }
                              |> Seq.exists id

                          Expect.equal (seen[y * other + x] > 0uy) touched $"{x},{y} of {other}×{down}")
          test "a polygon has the pixels whose middles it holds, several those of any, cut off at the border" {
              let corners (points: (int * int) list) = [| for x, y in points -> PixelPoint(x, y) |] :> Collections.Generic.IReadOnlyList<_>
              let square = corners [ 1, 1; 3, 1; 3, 4; 1, 4 ]
              let triangle = corners [ 4, 0; 10, 0; 10, 6 ]
              let drawn = RegionOfInterest.Of(8, 5, [| square; triangle |])

              let expected =
                  [| for y in 0..4 do
                         for x in 0..7 ->
                             let middleX, middleY = float x + 0.5, float y + 0.5

                             if x >= 1 && x < 3 && y >= 1 && y < 4 || middleX > 4.0 && middleY < middleX - 4.0 then 1uy else 0uy |]

              Expect.equal (drawn.At(8, 5).ToArray()) expected "pixels"
          }
          test "texts that are none are refused, and ask for no memory" {
              for text in [ ""; "3x3"; "3x3:"; "3x3:AAk"; "3x3:AAg="; "0x3:AA=="; "60000x60000:gPDrhgg="; "-1x3:AAk="; "3x3:!!" ] do
                  Expect.stringContains (parsed text).Message "is no region of interest" text
          }
          test "a black mask and photos of other proportions are refused" {
              use folder = new Scratch.Folder()
              ImageFile.WritePng(folder.File "black.png", RasterImage(4, 4, 1))
              let black = raised<InvalidInputException>(fun () -> RegionOfInterest.Read(folder.File "black.png") |> ignore)
              Expect.stringContains black.Message "black all over" "message"
              let seen = Preprocessing.To(16, regionOfInterest = region 40 20 (Array.create 800 1uy))
              Expect.isNull (seen.Misfit(400, 200, "photo", seen.RegionOfInterest)) "ten times as large"
              Expect.stringContains (string (seen.Misfit(40, 30, "photo", seen.RegionOfInterest))) "is drawn for 40×20" "40×30"
              let corner = Array.init 800 (fun i -> if i = 0 then 1uy else 0uy)
              let cropped = Preprocessing.To(16, shorterSide = 20, regionOfInterest = region 40 20 corner)
              Expect.stringContains (string (cropped.Misfit(40, 20, "photo", cropped.RegionOfInterest))) "does not reach" "a corner"
          }
          test "the inside of inputs is that of the photo, cropped or in tiles" {
              let inside = Array.init 800 (fun i -> if i % 40 >= 20 then 1uy else 0uy)
              let right = region 40 20 inside
              let columns (pixels: byte[]) width = [ for x in 0 .. width - 1 -> pixels[x] ]
              Expect.equal (columns (Preprocessing.To(8).Inside(right, 40, 20)) 8) [ 0uy; 0uy; 0uy; 0uy; 1uy; 1uy; 1uy; 1uy ] "whole"
              let cropped = Preprocessing.To(16, shorterSide = 20).Inside(right, 40, 20)
              Expect.equal (columns cropped 16) [ for x in 0..15 -> if x >= 8 then 1uy else 0uy ] "cropped"
              let tiled = Preprocessing.To(20, tiling = Tiling(0, 1.0))
              Expect.equal (tiled.Inside(right, 40, 20, 0) |> Array.max, tiled.Inside(right, 40, 20, 1) |> Array.min) (0uy, 1uy) "tiles"
          }
          test "a data set has regions for its photos, one by one or one for all" {
              use folder = new Scratch.Folder()

              for name in [ "ok/a.png"; "ok/b.png"; "later/a.png"; "bad/dent/c.png"; "looked/later/a_mask.png"; "looked/all.png" ] do
                  Directory.CreateDirectory(string (Path.GetDirectoryName(folder.File name))) |> ignore
                  ImageFile.WritePng(folder.File name, RasterImage(8, 8, 1, Array.create 64 255uy))

              let describe = """{"normal": "ok", "normalTest": "later", "abnormal": "bad", "regions": "looked"}"""
              File.WriteAllText(folder.File FolderNames.FileName, describe)
              let source = DataFolder.Detect(folder.File "")
              let category = source.Open(Seq.exactlyOne source.Categories)

              let regions =
                  [ for image in Seq.append category.TrainImages category.TestImages ->
                        image.RelativeName, Path.GetRelativePath((folder.File ""), nonNull image.RegionPath).Replace('\\', '/') ]

              Expect.equal
                  (Map regions)
                  (Map
                      [ "ok/a.png", "looked/all.png"
                        "ok/b.png", "looked/all.png"
                        "later/a.png", "looked/later/a_mask.png"
                        "bad/dent/c.png", "looked/all.png" ])
                  "regions"

              let digest () = DataDigest.Of(category.TestImages, fun path -> FileDigest.Sha256 path)
              let before = digest ()
              ImageFile.WritePng(folder.File "looked/all.png", RasterImage(8, 8, 1, Array.init 64 (fun i -> byte (i % 2) * 255uy)))
              Expect.notEqual (digest ()) before "digest of the data"
              ImageFile.WritePng(folder.File "looked/other.png", RasterImage(8, 8, 1, Array.create 64 255uy))
              let several = raised<InvalidInputException>(fun () -> source.Open category.Name |> ignore)
              Expect.stringContains several.Message "only one can be for all images" "two for all"
          } ]
