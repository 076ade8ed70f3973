module Falcon.Core.Tests.Detection.FrameTests

open System
open Expecto
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open Falcon.Tests

let private width, height = 100, 84

/// A spotted surface.
let private picture channels seed =
    let random = Random(seed: int)
    let spots = [ for _ in 1..6 -> random.Next width, random.Next height ]

    let pixel index =
        let x, y = index / channels % width, index / channels / width
        let near = spots |> List.exists (fun (column, row) -> abs (x - column) + abs (y - row) < 12)
        byte ((if near then 170 else 60) + random.Next 30)

    RasterImage(width, height, channels, Array.init (channels * width * height) pixel)

let private write (folder: Scratch.Folder) name (picture: RasterImage) =
    ImageFile.WritePng(folder.File name, picture)
    ImageItem(folder.File name, name, "good", false)

/// The picture as a camera gives it: rows that begin a few bytes apart, nothing behind the last pixel.
let private frame (order: PixelOrder) (picture: RasterImage) =
    let row, gap = picture.Width * picture.Channels, 7
    let bytes = Array.create (picture.Height * (row + gap) - gap) 255uy

    for y in 0 .. picture.Height - 1 do
        for i in 0 .. row - 1 do
            let from = if order = PixelOrder.Bgr then i / 3 * 3 + 2 - i % 3 else i
            bytes[y * (row + gap) + i] <- picture.Pixels[y * row + from]

    bytes, row + gap

let private said (prediction: Prediction) =
    prediction.Score, prediction.Width, prediction.Height, prediction.Map.Width, prediction.Map.Height, List.ofArray prediction.Map.Values

let private ofFrame (detector: Detector) order (picture: RasterImage) =
    let bytes, stride = frame order picture
    detector.Predict(ReadOnlySpan bytes, order, picture.Width, picture.Height, stride)

let private methods: (string * MethodOptions) list =
    [ "whole images", PatchCoreOptions(InputSize = 64)
      "whole images and their pixels", StpmOptions(InputSize = 64, Epochs = 1)
      "the middle of images", PadimOptions(InputSize = 64, Channels = 10, ShorterSide = Nullable 70)
      "tiles", PatchCoreOptions(InputSize = 64, Tiling = Tiling(32, 1.0), Share = 0.02)
      "small inner layers", FalconOptions(InputSize = 64, Epochs = 1) ]

let private trained (folder: Scratch.Folder) teacher name =
    let good = [| for i in 0..1 -> write folder $"good {i}.png" (picture 3 i) |]
    Detector.Train(methods |> List.find (fst >> (=) name) |> snd, teacher, good, MasterSeed 7L)

[<Tests>]
let tests =
    testList
        "Frame"
        [ testTheory
              "a frame and the file of the same pixels, alone or among others, have the same score and map to the bit"
              (List.map fst methods)
              (fun (name: string) ->
                  use folder = new Scratch.Folder()
                  use teacher = Teacher.Random("resnet18", MasterSeed 1L)
                  use detector = trained folder teacher name
                  let colour, gray = picture 3 10, picture 1 11
                  let files = [| write folder "colour.png" colour; write folder "gray.png" gray; write folder "other.png" (picture 3 12) |]
                  let among = [ for prediction in detector.Predict files -> said prediction ]
                  let alone = [ for file in files -> said (Seq.exactlyOne (detector.Predict [| file |])) ]
                  Expect.equal alone among "alone and among others"

                  for order in [ PixelOrder.Rgb; PixelOrder.Bgr ] do
                      Expect.equal (said (ofFrame detector order colour)) among[0] $"{order}"

                  Expect.equal (said (ofFrame detector PixelOrder.Gray gray)) among[1] "gray")
          test "what is prepared of an image file is prepared of a frame" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              let preprocessing = Preprocessing(64, 64)
              let needs = InputNeeds(true, [| BackboneTap.Layer1 |], ForegroundPreparation(ForegroundShape.Above, 90.0, preprocessing))
              let picture = picture 3 5
              let item = write folder "a.png" picture

              let content inputs =
                  [ for input: ImageInput in inputs do
                        use input = input

                        yield!
                            [ for tensor in input.Prepared -> tensor.Bytes.ToArray() ]
                            @ [ (nonNull input.Pixels).bytes.ToArray(); input.Features[BackboneTap.Layer1].bytes.ToArray() ] ]

              let read = content (ComputedInputs(teacher, 1).Load([| item |], preprocessing, needs))
              Expect.hasLength read 3 "foreground, pixels, features"
              Expect.equal (content (ComputedInputs.Of(teacher, item, picture, preprocessing, needs))) read "of the frame"
          }
          test "a frame's prediction has the name that it was given, and no path" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use detector = trained folder teacher "whole images"
              let pixels = ReadOnlySpan (picture 3 5).Pixels
              let prediction = detector.Predict(pixels, PixelOrder.Rgb, width, height, 3 * width, "part 17")
              Expect.equal (prediction.Item.RelativeName, prediction.Item.Path) ("part 17", "") "name and path"
              Expect.equal (prediction.Width, prediction.Height) (width, height) "size"
          }
          test "a frame of a wrong shape is refused with its figures, and one that is smaller than a tile by name" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use detector = trained folder teacher "tiles"

              let message (bytes: int) order width height stride =
                  (raised<ArgumentException>(fun () ->
                      detector.Predict(ReadOnlySpan(Array.zeroCreate<byte> bytes), order, width, height, stride) |> ignore))
                      .Message

              Expect.stringContains (message 100 PixelOrder.Rgb 0 10 30) "width" "no columns"
              Expect.stringContains (message 100 PixelOrder.Rgb 10 -1 30) "height" "rows below nothing"
              Expect.stringContains (message 1000 PixelOrder.Bgr 10 10 29) "10 pixels has 30 bytes" "stride"
              Expect.stringContains (message 1000 PixelOrder.Gray 10 10 -10) "bottom to the top" "negative stride"
              Expect.stringContains (message 299 PixelOrder.Rgb 10 10 30) "need 300 bytes, not 299" "too few bytes"
              Expect.stringContains (message 10 PixelOrder.Gray 40_000 40_000 40_000) "too large" "too large"
              Expect.stringContains (message 300 (enum<PixelOrder> 9) 10 10 30) "no such order" "order"

              let error =
                  raised<InvalidInputException>(fun () ->
                      detector.Predict(ReadOnlySpan(Array.zeroCreate<byte> 2500), PixelOrder.Gray, 50, 50, 50, "camera 2") |> ignore)

              Expect.stringContains error.Message "camera 2: is 50×50" "smaller than a tile"
          } ]
