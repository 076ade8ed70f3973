module Falcon.Core.Tests.Data.TilingTests

open System
open System.Text.Json
open Expecto
open FsCheck
open FsCheck.FSharp
open Falcon
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging
open Falcon.Data
open Falcon.Imaging
open Falcon.Tests

/// Sides of a tile, an overlap that is smaller, and a photo that is at least as large as a tile.
let private grids =
    gen {
        let! width = Gen.choose (1, 12)
        let! height = Gen.choose (1, 12)
        let! overlap = Gen.choose (0, min width height - 1)
        let! imageWidth = Gen.choose (width, 60)
        let! imageHeight = Gen.choose (height, 60)
        return Preprocessing(width, height, Tiling = Tiling(overlap)), imageWidth, imageHeight
    }

let private tilesOf (preprocessing: Preprocessing) width height : TileGrid = nonNull (preprocessing.TilesOf(width, height))

let private property name test = testProperty name (Prop.forAll (Arb.fromGen grids) test)

/// A function of the pixel cut into tiles, and these blended again.
let private blended (tiles: TileGrid) (value: int -> int -> float32) =
    let whole = Array.zeroCreate (tiles.ImageWidth * tiles.ImageHeight)

    for index in 0 .. tiles.Count - 1 do
        let struct (left, top) = tiles[index]

        let map =
            [| for y in 0 .. tiles.Tile.Height - 1 do
                   for x in 0 .. tiles.Tile.Width - 1 -> value (left + x) (top + y) |]

        tiles.Blend(whole.AsSpan(), index, ReadOnlySpan map)

    whole

let private differs (tiles: TileGrid) value =
    let whole = blended tiles value

    Seq.max
        [ for y in 0 .. tiles.ImageHeight - 1 do
              for x in 0 .. tiles.ImageWidth - 1 -> abs (whole[y * tiles.ImageWidth + x] - value x y) ]

[<Tests>]
let tests =
    testList
        "Tiling"
        [ property
              "tiles lie within the image, cover each pixel, and neighbours share at least the overlap"
              (fun (preprocessing, width, height) ->
                  let tiles = tilesOf preprocessing width height
                  let overlap = (nonNull preprocessing.Tiling).Overlap
                  let places = [ for index in 0 .. tiles.Count - 1 -> let struct (left, top) = tiles[index] in left, top ]
                  let lefts, tops = places |> List.map fst |> List.distinct, places |> List.map snd |> List.distinct
                  Expect.equal places (List.map (fun (top, left) -> left, top) (List.allPairs tops lefts)) "rows of tiles"

                  for starts, tile, length in [ lefts, preprocessing.Width, width; tops, preprocessing.Height, height ] do
                      Expect.equal (List.head starts, List.last starts + tile) (0, length) "first and last"
                      Expect.all (List.pairwise starts) (fun (a, b) -> a < b && a + tile - b >= overlap) "neighbours")
          property "what does not depend on the tile is blended to itself" (fun (preprocessing, width, height) ->
              let tiles = tilesOf preprocessing width height
              Expect.isLessThan (differs tiles (fun _ _ -> 3.7f)) 1e-5f "a constant"
              Expect.isLessThan (differs tiles (fun x y -> sin (float32 x / 5f) + cos (float32 y / 7f))) 1e-5f "waves")
          test "where tiles disagree, one passes over into the other without a step" {
              let tiles = tilesOf (Preprocessing(64, 64, Tiling = Tiling 32)) 96 64
              let whole = Array.zeroCreate<float32>(96 * 64)

              for index, level in [ 0, 1f; 1, 2f ] do
                  tiles.Blend(whole.AsSpan(), index, ReadOnlySpan(Array.create (64 * 64) level))

              let row = whole[96 * 20 .. 96 * 20 + 95]
              Expect.equal (row[0], row[95]) (1f, 2f) "far from the overlap"
              Expect.all (Array.pairwise row) (fun (a, b) -> a <= b && b - a < 0.05f) "steps"
          }
          test "a photo is resized by the scale, and its tiles are parts of it" {
              use folder = new Scratch.Folder()
              let photo = Pictures.smooth 50 40
              ImageFile.WritePng(folder.File "a.png", photo)
              let preprocessing = Preprocessing(16, 16, Tiling = Tiling(4, 0.5))
              let half = photo.Resize(25, 20, ResizeFilter.Bilinear)
              let places = [ 0, 0; 9, 0; 0, 4; 9, 4 ]
              let loaded = ImageLoader.Load([ ImageItem(folder.File "a.png", "a.png", "good", false) ], preprocessing, 1) |> List.ofSeq
              Expect.equal [ for tile in loaded -> tile.Tile ] [ for index in 0..3 -> Nullable index ] "tiles"

              for (left, top), tile in List.zip places loaded do
                  use pixels = tile.Pixels
                  Expect.equal (tile.Width, tile.Height) (50, 40) "size of the file's image"

                  Expect.equal
                      (pixels.data<float32>().ToArray())
                      (preprocessing.Normalise(half.Crop(left, top, 16, 16)))
                      $"tile at {left}, {top}"
          }
          test "photos that are smaller than a tile are all named, with what they are at the scale" {
              use folder = new Scratch.Folder()

              let images =
                  [ for name, width in [ "a.png", 30; "b.png", 50; "c.png", 20 ] do
                        ImageFile.WritePng(folder.File name, Pictures.smooth width 50)
                        ImageItem(folder.File name, name, "good", false) ]

              let preprocessing = Preprocessing(16, 16, Tiling = Tiling(4, 0.5))
              let findings = preprocessing.Misfits images |> List.ofSeq
              Expect.equal [ for finding in findings -> finding.Where ] [ folder.File "a.png"; folder.File "c.png" ] "photos"
              Expect.stringContains findings.Head.What "is 15×25 at the scale of 0.5, smaller than a tile of 16×16" "what"

              let error =
                  raised<InvalidInputException>(fun () -> ImageLoader.Load(images, preprocessing, 1) |> Seq.iter _.Pixels.Dispose())

              Expect.equal error.Findings[0].Where (folder.File "a.png") "the first of them"
              Expect.isEmpty ((Preprocessing.To 64).Misfits images) "seen as one"
          }
          test "its text is read back, another one is reported, and JSON has it only where it is set" {
              Expect.equal (Tiling.Parse "32@0.5") (Tiling(32, 0.5)) "parse"
              Expect.equal (string (Tiling(32, 0.5))) "32@0.5" "text"
              let error = raised<InvalidInputException>(fun () -> Tiling.Parse "32" |> ignore)
              Expect.stringContains error.Message "OVERLAP@SCALE" "fix"
              let tiled = Preprocessing.To(64, tiling = Tiling(8, 1.0))
              Expect.stringContains (JsonSerializer.Serialize tiled) "\"Tiling\":\"8@1\"" "json of tiles"
              Expect.isFalse ((JsonSerializer.Serialize(Preprocessing.To 64)).Contains "Tiling") "json without"
          } ]
