module Falcon.Core.Tests.Imaging.ResizingTests

open System
open Expecto
open Falcon.Tests
open FsCheck.FSharp
open Falcon.Imaging
open Falcon.Core.Tests.Imaging.Pictures

let private smoothFilters = [ ResizeFilter.Bilinear; ResizeFilter.Bicubic; ResizeFilter.Lanczos; ResizeFilter.Area ]

let private filters = ResizeFilter.Nearest :: smoothFilters

let private sinc x = if x = 0.0 then 1.0 else sin (Math.PI * x) / (Math.PI * x)

let private kernel filter (x: float) =
    match filter with
    | ResizeFilter.Bilinear -> (if abs x < 1.0 then 1.0 - abs x else 0.0), 1.0
    | ResizeFilter.Bicubic when abs x < 1.0 -> 1.5 * abs x ** 3.0 - 2.5 * x * x + 1.0, 2.0
    | ResizeFilter.Bicubic when abs x < 2.0 -> -0.5 * abs x ** 3.0 + 2.5 * x * x - 4.0 * abs x + 2.0, 2.0
    | ResizeFilter.Bicubic -> 0.0, 2.0
    | ResizeFilter.Lanczos -> (if x >= -3.0 && x < 3.0 then sinc x * sinc (x / 3.0) else 0.0), 3.0
    | _ -> (if x > -0.5 && x <= 0.5 then 1.0 else 0.0), 0.5

/// One line resized by the definition: normalised kernel weights around each new pixel's centre, rounded to 8 bits.
let private resizeLine filter (line: float array) newSize =
    let scale = float line.Length / float newSize
    let stretch = max scale 1.0
    let support = snd (kernel filter 0.0) * stretch

    Array.init newSize (fun i ->
        let centre = (float i + 0.5) * scale
        let first, behind = max 0 (int (centre - support + 0.5)), min line.Length (int (centre + support + 0.5))
        let weights = [| for k in first .. behind - 1 -> fst (kernel filter ((float k + 0.5 - centre) / stretch)) |]

        let value =
            Array.fold2 (fun sum weight k -> sum + weight * line[k]) 0.0 weights [| first .. behind - 1 |]
            / Array.sum weights

        Math.Clamp(floor (value + 0.5), 0.0, 255.0))

/// The whole picture resized by the definition: rows, then columns, each result rounded to 8 bits.
let private resizeSlowly filter (image: RasterImage) width height =
    let result = RasterImage(width, height, image.Channels)

    for c in 0 .. image.Channels - 1 do
        let rows =
            [| for y in 0 .. image.Height - 1 ->
                   let line = [| for x in 0 .. image.Width - 1 -> float (pixel image x y).[c] |]
                   if width = image.Width then line else resizeLine filter line width |]

        for x in 0 .. width - 1 do
            let column = rows |> Array.map (fun row -> row[x])
            let column = if height = image.Height then column else resizeLine filter column height
            column |> Array.iteri (fun y value -> result.Pixels[(y * width + x) * image.Channels + c] <- byte value)

    result

let private resizeCases =
    gen {
        let! channels = Gen.elements [ 1; 3 ]
        let! image = noiseUpTo 40 channels
        let! width = Gen.choose (1, 60)
        let! height = Gen.choose (1, 60)
        let! filter = Gen.elements smoothFilters
        return image, width, height, filter
    }

[<Tests>]
let tests =
    testList
        "Resizing"
        [ testPropertyWithConfig
              pictures
              "every smooth filter follows its definition, at any size"
              (forAll resizeCases (fun (image, width, height, filter) ->
                  // A weight has 22 bits behind the point, so that only values next to one half may be rounded the other way, once in each
                  // pass.
                  Expect.isBetween
                      (largestDifference (resizeSlowly filter image width height) (image.Resize(width, height, filter)))
                      0
                      2
                      "largest difference resize slowly image width"))
          testPropertyWithConfig
              pictures
              "the channels of a colour picture are resized as if each were a gray picture"
              (forAll
                  (Gen.filter (fun (image: RasterImage, _, _, _) -> image.Channels = 3) resizeCases)
                  (fun (image, width, height, filter) ->
                      let resized = image.Resize(width, height, filter)

                      for c in 0..2 do
                          let plane (picture: RasterImage) =
                              RasterImage(
                                  picture.Width,
                                  picture.Height,
                                  1,
                                  picture.Pixels |> Array.indexed |> Array.filter (fun (i, _) -> i % 3 = c) |> Array.map snd
                              )

                          assertSame ((plane image).Resize(width, height, filter)) (plane resized)))
          testPropertyWithConfig
              pictures
              "a constant picture stays constant"
              (forAll
                  (Gen.zip resizeCases (Gen.zip (Gen.choose (0, 255)) (Gen.elements filters)))
                  (fun ((image, width, height, _), (level, filter)) ->
                      let constant = RasterImage(image.Width, image.Height, image.Channels)
                      Array.fill constant.Pixels 0 constant.Pixels.Length (byte level)

                      for value in (constant.Resize(width, height, filter)).Pixels do
                          Expect.equal value (byte level) "pixel"))
          testPropertyWithConfig
              pictures
              "the same size gives an equal picture that is not the same array"
              (forAll (noiseUpTo 20 3) (fun image ->
                  for filter in filters do
                      let copy = image.Resize(image.Width, image.Height, filter)
                      assertSame image copy
                      Expect.isFalse (obj.ReferenceEquals(image.Pixels, copy.Pixels)) "pixels of copy"))
          testPropertyWithConfig
              pictures
              "nearest takes the pixel under the new pixel's centre, so that a mask keeps its values"
              (forAll (Gen.zip (noiseUpTo 40 1) (Gen.zip (Gen.choose (1, 60)) (Gen.choose (1, 60)))) (fun (image, (width, height)) ->
                  let resized = image.Resize(width, height, ResizeFilter.Nearest)

                  for y in 0 .. height - 1 do
                      for x in 0 .. width - 1 do
                          // In whole numbers; a centre exactly between two pixels belongs to the right one.
                          let sourceX, sourceY = (2 * x + 1) * image.Width / (2 * width), (2 * y + 1) * image.Height / (2 * height)
                          let close (position: int) size newSize = (2 * position + 1) * size % (2 * newSize) = 0

                          if not (close x image.Width width || close y image.Height height) then
                              Expect.equal (pixel resized x y) (pixel image sourceX sourceY) "pixel resized x y"))
          testPropertyWithConfig
              pictures
              "area shrinking by a whole factor is the mean of the blocks"
              (forAll (noise 1 12 9) (fun image ->
                  let resized = image.Resize(12, 3, ResizeFilter.Area)

                  for y in 0..2 do
                      for x in 0..11 do
                          let mean = List.averageBy (fun dy -> float (pixel image x (3 * y + dy)).Head) [ 0..2 ]
                          Expect.isBetween (float (pixel resized x y).Head) (mean - 0.51) (mean + 0.51) "pixel resized x y head"))
          test "shrinking thousands of pixels to one does not overflow" {
              for width, height in [ 9000, 1; 1, 9000; 3000, 3 ] do
                  for filter in smoothFilters do
                      let white = RasterImage(width, height, 3)
                      Array.fill white.Pixels 0 white.Pixels.Length 255uy
                      Expect.equal (white.Resize(1, 1, filter).Pixels) [| 255uy; 255uy; 255uy |] "white resize 1 pixels"
          }
          test "a size below one is a programming error" {
              let image = RasterImage(2, 2, 3)

              Expect.throwsT<ArgumentOutOfRangeException>
                  (fun () -> image.Resize(0, 1, ResizeFilter.Bilinear) |> ignore)
                  "image resize 0 is refused"

              Expect.throwsT<ArgumentOutOfRangeException>
                  (fun () -> image.Resize(1, -1, ResizeFilter.Nearest) |> ignore)
                  "image resize 1 is refused"
          } ]
