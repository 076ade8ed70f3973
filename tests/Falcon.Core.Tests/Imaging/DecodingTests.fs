module Falcon.Core.Tests.Imaging.DecodingTests

open System.IO
open Expecto
open Falcon.Tests
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Core.Tests.Imaging.Pictures
open Falcon.Imaging

let private decode (file: byte array) = ImageFile.DecodeRgb(file, "the file")

let private rows (image: RasterImage) convert =
    [| for y in 0 .. image.Height - 1 ->
           [| for x in 0 .. image.Width - 1 -> pixel image x y |> List.map int |> convert x y |> Array.ofList |] |]

let private asStored _ _ (colours: int list) = colours

/// How a picture is stored so that it is upright after turning it as the orientation says: the upright place of each stored pixel.
let private stored (orientation: int) (upright: RasterImage) =
    let right, bottom = upright.Width - 1, upright.Height - 1

    let place x y =
        match orientation with
        | 1 -> x, y
        | 2 -> right - x, y
        | 3 -> right - x, bottom - y
        | 4 -> x, bottom - y
        | 5 -> y, x
        | 6 -> right - y, x
        | 7 -> right - y, bottom - x
        | _ -> y, bottom - x

    let width, height = if orientation < 5 then upright.Width, upright.Height else upright.Height, upright.Width

    RasterImage(
        width,
        height,
        3,
        [| for y in 0 .. height - 1 do
               for x in 0 .. width - 1 do
                   yield! place x y ||> pixel upright |]
    )

[<Tests>]
let tests =
    testList
        "Decoding"
        [ test "a TIFF file keeps its colours whatever is said about its alpha, in both byte orders" {
              let image = smooth 13 9
              let samples = rows image (fun x y colours -> colours @ [ (17 * x + 40 * y) % 256 ])

              for littleEndian in [ true; false ] do
                  for meaning in [ 1; 2 ] do
                      { Tiff.plain with LittleEndian = littleEndian; ExtraSamples = Some meaning }
                      |> fun options -> Tiff.file options samples
                      |> decode
                      |> assertSame image
          }
          test "16-bit samples keep their upper byte" {
              let image = smooth 13 9

              for littleEndian in [ true; false ] do
                  let samples = rows image (fun x y colours -> colours |> List.map (fun value -> 256 * value + (x + y) % 100))
                  let read = decode (Tiff.file { Tiff.plain with LittleEndian = littleEndian; Bits = 16 } samples)
                  Expect.isBetween (largestDifference image read) 0 1 "largest difference image read"
          }
          test "inks are converted to light as Pillow does" {
              let image = smooth 13 9
              let samples = rows image (fun x y colours -> colours @ [ (9 * x + 20 * y) % 256 ])

              let light =
                  [| for row in samples do
                         for ink in row do
                             for c in 0..2 -> byte (max 0.0 (float (255 - ink[3]) * (1.0 - float ink[c] / 255.0))) |]

              let read = decode (Tiff.file { Tiff.plain with Photometric = 5 } samples)
              Expect.isBetween (largestDifference (RasterImage(13, 9, 3, light)) read) 0 1 "largest difference raster image 13 9"
          }
          testTheory
              "an image of every orientation is turned upright, and its size is told so"
              [ 1; 2; 3; 4; 5; 6; 7; 8 ]
              (fun (orientation: int) ->
                  use folder = new Scratch.Folder()
                  let upright = smooth 61 40
                  let asStoredImage = stored orientation upright

                  let check name (bytes: byte array) largest =
                      let path = folder.File name
                      File.WriteAllBytes(path, bytes)
                      let read = ImageFile.ReadRgb path
                      Expect.equal (ImageFile.ReadShape path) (ImageShape(61, 40, 3)) "read shape path"
                      Expect.equal (read.Width, read.Height) (61, 40) "read width height"
                      Expect.isBetween (largestDifference upright read) 0 largest "largest difference upright read"

                  check "a.tif" (Tiff.file { Tiff.plain with Orientation = orientation } (rows asStoredImage asStored)) 0
                  File.WriteAllBytes(folder.File "stored.jpg", ImageFile.EncodeJpeg(asStoredImage, 100))
                  check "a.jpg" (Jpeg.withOrientation orientation (File.ReadAllBytes(folder.File "stored.jpg"))) 8) ]
