/// Falcon.Inference beside the detectors that its files come from.
module Falcon.Core.Tests.Export.InspectorTests

open System
open System.IO
open Expecto
open Falcon.Core.Tests
open Falcon.Core.Tests.Imaging.Encoders
open Falcon.Core.Tests.Methods
open Falcon.Data
open Falcon.Detection
open Falcon.DrawnData
open Falcon.Export
open Falcon.Imaging
open Falcon.Inference
open Falcon.Methods
open Falcon.Protocol
open Falcon.Randomness
open Falcon.Tests

let private scene = Seq.head Scene.All

let private photo (folder: Scratch.Folder) name defect (width, height) =
    let picture = scene.Draw(MasterSeed 3L, name, defect, 192).Picture.Resize(width, height, ResizeFilter.Bilinear)
    ImageFile.WritePng(folder.File name, picture)
    ImageItem(folder.File name, name, "unknown", false)

/// A detector of good photos whose threshold a defective one exceeds, and its file.
let private exported (folder: Scratch.Folder) teacher (options: MethodOptions) size =
    let good = [| photo folder "a.png" null size; photo folder "b.png" null size |]
    let detector = Detector.Train(options, teacher, good, MasterSeed 7L)
    let bad = photo folder "bad.png" scene.DefectNames[0] size
    detector.Threshold <- 0.8 * (Seq.exactlyOne (detector.Predict [| bad |])).Score
    OnnxExport.Write(detector, folder.File "part.onnx", OnnxExportTests.runtime) |> ignore
    detector, Inspector.Load(folder.File "part.onnx", 1)

let private agree (detector: Detector) (predicted: Prediction) (inspection: Inspection) =
    let tolerance = within (1e-4 * detector.Threshold)
    Expect.floatClose tolerance inspection.Score predicted.Score "score"
    Expect.equal inspection.IsAnomalous (predicted.Score > detector.Threshold) "verdict"
    Expect.equal (inspection.Width, inspection.Height) (predicted.Width, predicted.Height) "size"
    let map = predicted.Map.Resize(predicted.Width, predicted.Height).Values
    let differences = Array.map2 (fun a b -> abs (float a - float b)) map (inspection.Map.ToArray())
    Expect.floatClose tolerance (Array.max differences) 0.0 "map"

    let box (region: Falcon.Detection.AnomalousRegion) =
        region.Box.X, region.Box.Y, region.Box.Width, region.Box.Height, region.Outline.Count

    let found (region: Falcon.Inference.AnomalousRegion) =
        region.Box.X, region.Box.Y, region.Box.Width, region.Box.Height, region.Outline.Count

    Expect.sequenceEqual (inspection.Regions() |> Seq.map found) (detector.Regions predicted |> Seq.map box) "regions"

let private region =
    RegionOfInterest.Of(160, 120, [| [| for x, y in [ 10, 10; 150, 20; 120, 110 ] -> Falcon.Imaging.PixelPoint(x, y) |] |])

[<Tests>]
let tests =
    testList
        "Inspector"
        [ for name, options, size in
              [ "of another size than the input", PatchCoreOptions(Backbone = "compact", InputSize = 64), (150, 110)
                "that is cropped", PatchCoreOptions(Backbone = "compact", InputSize = 64, ShorterSide = 80), (150, 110)
                "that is seen in tiles", PatchCoreOptions(Backbone = "compact", InputSize = 64, Tiling = Tiling(16, 0.75)), (160, 120)
                "with a region of interest", PatchCoreOptions(Backbone = "compact", InputSize = 64, RegionOfInterest = region), (160, 120)
                "in tiles and with a region",
                PatchCoreOptions(Backbone = "compact", InputSize = 64, Tiling = Tiling(8, 1.0), RegionOfInterest = region),
                (160, 120) ] do
              test $"a photo {name} gets verdict, map and regions of the detector" {
                  use folder = new Scratch.Folder()
                  use teacher = MethodsTests.teacher options
                  let detector, inspector = exported folder teacher options size
                  use detector = detector
                  use inspector = inspector

                  for item in [ photo folder "new.png" null size; photo folder "bad.png" scene.DefectNames[0] size ] do
                      agree detector (Seq.exactlyOne (detector.Predict [| item |])) (inspector.Inspect item.Path)
              }
          test "a method whose map is coarser than its input, or that scores images itself, is inspected as it predicts, frames too" {
              for variant in [ "FALCON"; "AnomalyDINO" ] do
                  use folder = new Scratch.Folder()
                  let options = MethodsTests.options variant
                  use teacher = MethodsTests.teacher options
                  use detector = OnnxExportTests.drawn options teacher
                  detector.Calibrate(HeldOutScores.Of(CalibrationWay.None, detector.Predict [| photo folder "a.png" null (90, 70) |]))
                  OnnxExport.Write(detector, folder.File "part.onnx", OnnxExportTests.runtime) |> ignore
                  use inspector = Inspector.Load(folder.File "part.onnx")
                  Expect.equal inspector.Method options.Name "method"
                  let item = photo folder "bad.png" scene.DefectNames[0] (300, 200)
                  let predicted = Seq.exactlyOne (detector.Predict [| item |])
                  agree detector predicted (inspector.Inspect item.Path)
                  let image = ImageFile.ReadRgb item.Path

                  let frame =
                      inspector.Inspect(
                          ReadOnlySpan image.Pixels,
                          Falcon.Inference.PixelOrder.Rgb,
                          image.Width,
                          image.Height,
                          3 * image.Width
                      )

                  agree detector predicted frame
          }
          test "a photo of 12 bits is inspected as the detector sees it" {
              use folder = new Scratch.Folder()
              let options = PatchCoreOptions(Backbone = "compact", InputSize = 64, WhiteLevel = Nullable 4095)
              use teacher = MethodsTests.teacher options
              let detector, inspector = exported folder teacher options (90, 70)
              use detector = detector
              use inspector = inspector
              let gray = (ImageFile.ReadRgb (photo folder "bad.png" scene.DefectNames[0] (90, 70)).Path).ToGray()
              let row y = [| for x in 0 .. gray.Width - 1 -> [| int gray.Pixels[y * gray.Width + x] * 4095 / 255 |] |]
              File.WriteAllBytes(folder.File "deep.png", Png.deep 0 [| for y in 0 .. gray.Height - 1 -> row y |])
              let item = ImageItem(folder.File "deep.png", "deep.png", "unknown", false)
              agree detector (Seq.exactlyOne (detector.Predict [| item |])) (inspector.Inspect item.Path)
          }
          test "a photo's own mask of what is looked at, and a threshold that is set, are heeded" {
              use folder = new Scratch.Folder()
              let options = PatchCoreOptions(Backbone = "compact", InputSize = 64)
              use teacher = MethodsTests.teacher options
              let detector, inspector = exported folder teacher options (160, 120)
              use detector = detector
              use inspector = inspector
              let item = photo folder "bad.png" scene.DefectNames[0] (160, 120)
              let inside = region.At(160, 120).ToArray()
              ImageFile.WritePng(folder.File "mask.png", RasterImage(160, 120, 1, Array.map (fun p -> 255uy * p) inside))
              let looked = ImageItem(item.Path, item.RelativeName, item.Defect, false, null, folder.File "mask.png")
              agree detector (Seq.exactlyOne (detector.Predict [| looked |])) (inspector.Inspect(item.Path, folder.File "mask.png"))
              inspector.Threshold <- 1e9
              Expect.isFalse (inspector.Inspect item.Path).IsAnomalous "verdict with a high threshold"
          }
          test
              "a file that is missing, no ONNX or cut short is refused with its name, as is a photo that cannot be read or is smaller than a tile" {
              use folder = new Scratch.Folder()
              let options = PatchCoreOptions(Backbone = "compact", InputSize = 64, Tiling = Tiling(16, 1.0))
              use teacher = MethodsTests.teacher options
              let detector, inspector = exported folder teacher options (64, 64)
              detector.Dispose()
              use inspector = inspector
              File.WriteAllText(folder.File "text.onnx", "something else")
              let bytes = File.ReadAllBytes(folder.File "part.onnx")
              File.WriteAllBytes(folder.File "cut.onnx", bytes[.. bytes.Length / 2])

              for wrong in [ "missing.onnx"; "text.onnx"; "cut.onnx" ] do
                  let error = raised<InvalidInputException>(fun () -> Inspector.Load(folder.File wrong) |> ignore)
                  Expect.stringContains error.Message wrong "message"

              let error = raised<InvalidInputException>(fun () -> inspector.Inspect(folder.File "text.onnx") |> ignore)
              Expect.stringContains error.Message "text.onnx" "message of a photo"
              let small = photo folder "small.png" null (64, 40)
              let error = raised<InvalidInputException>(fun () -> inspector.Inspect small.Path |> ignore)
              Expect.equal (Seq.exactlyOne error.Findings).Where small.Path "a photo that is too small"
          } ]
