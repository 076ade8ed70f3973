module Falcon.Core.Tests.Imaging.MorphologyTests

open System
open Expecto
open FsCheck.FSharp
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Pictures
open Falcon.Imaging
open Falcon.Weights

let private rowsOf (element: StructuringElement) =
    [ for dy in -element.Radius .. element.Radius ->
          String [| for dx in -element.Radius .. element.Radius -> if abs dx <= element.Reach dy then '1' else '0' |] ]

let private five = StructuringElement.Ellipse 5

/// Extreme value over the neighbours inside the picture, one by one.
let private extreme choose (element: StructuringElement) (image: RasterImage) =
    let value x y =
        choose
            [ for dy in -element.Radius .. element.Radius do
                  for dx in -element.Reach dy .. element.Reach dy do
                      if x + dx >= 0 && x + dx < image.Width && y + dy >= 0 && y + dy < image.Height then
                          (pixel image (x + dx) (y + dy)).Head ]

    RasterImage(
        image.Width,
        image.Height,
        1,
        [| for y in 0 .. image.Height - 1 do
               for x in 0 .. image.Width - 1 -> value x y |]
    )

[<Tests>]
let tests =
    testList
        "Morphology"
        [ test "ellipses are symmetric and round" {
              Expect.equal (rowsOf (StructuringElement.Ellipse 1)) [ "1" ] "rows of ellipse 1"
              Expect.equal (rowsOf (StructuringElement.Ellipse 3)) [ "010"; "111"; "010" ] "rows of ellipse 3"
              Expect.equal (rowsOf five) [ "00100"; "11111"; "11111"; "11111"; "00100" ] "rows of five"

              Expect.equal
                  (rowsOf (StructuringElement.Ellipse 7))
                  [ "0001000"; "0111110"; "1111111"; "1111111"; "1111111"; "0111110"; "0001000" ]
                  "rows of ellipse 7"
          }
          test "an even size is a programming error" {
              Expect.throwsT<ArgumentOutOfRangeException> (fun () -> StructuringElement.Ellipse 4 |> ignore) "ellipse 4 is refused"
          }
          testPropertyWithConfig
              pictures
              "dilation and erosion are the extremes over the neighbours inside the picture"
              (forAll (Gen.zip (noiseUpTo 45 1) (Gen.elements [ 1; 3; 5; 9 ])) (fun (image, size) ->
                  let element = StructuringElement.Ellipse size
                  assertSame (extreme List.max element image) (image.Dilate element)
                  assertSame (extreme List.min element image) (image.Erode element)))
          testPropertyWithConfig
              pictures
              "closing and opening a second time changes nothing"
              (forAll (maskUpTo 40) (fun mask ->
                  let closed, opened = mask.Close five, mask.Open five
                  assertSame closed (closed.Close five)
                  assertSame opened (opened.Open five)))
          testPropertyWithConfig
              pictures
              "opening only removes, closing only adds"
              (forAll (noiseUpTo 40 1) (fun image ->
                  for opened, value, closed in Array.zip3 ((image.Open five).Pixels) image.Pixels ((image.Close five).Pixels) do
                      Expect.isTrue (opened <= value && value <= closed) "opened value closed"))
          test "a full mask stays full up to the border, and an empty one empty" {
              for level in [ 0uy; 1uy; 255uy ] do
                  let mask = RasterImage(9, 4, 1, Array.create 36 level)
                  assertSame mask ((mask.Close five).Open five)
          }
          test "colour pictures are refused" {
              Expect.throwsT<ArgumentException> (fun () -> RasterImage(2, 2, 3).Dilate five |> ignore) "raster image 2 is refused"
          }
          test "closing, then opening with the 5x5 ellipse agrees with the fixtures" {
              use fixture = SafetensorsFile.Open(Fixtures.require [ "parity"; "falcon"; "cam.safetensors" ])

              let mask name =
                  let shape = fixture.Entry(name).Shape
                  RasterImage(int shape[1], int shape[0], 1, fixture.Bytes(name).ToArray())

              Expect.equal
                  [ for row in Array.chunkBySize 5 (fixture.Bytes("morph.kernel").ToArray()) -> String.Join("", row) ]
                  (rowsOf five)
                  "join row"

              let closed = (mask "morph.in").Close five
              assertSame (mask "morph.close") closed
              assertSame (mask "morph.out") (closed.Open five)
          } ]
