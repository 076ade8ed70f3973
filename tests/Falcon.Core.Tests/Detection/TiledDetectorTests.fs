module Falcon.Core.Tests.Detection.TiledDetectorTests

open System
open System.IO
open Expecto
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.DrawnData
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness
open Falcon.Tests

let private tiled = PatchCoreOptions(InputSize = 64, Tiling = Tiling(16, 0.5))

let private scene = Seq.head Scene.All

/// Drawn cloth of 256 pixels.
let private photo (folder: Scratch.Folder) name =
    ImageFile.WritePng(folder.File name, (scene.Draw(MasterSeed 3L, name)).Picture)
    ImageItem(folder.File name, name, "good", false)

let private train (options: MethodOptions) teacher (images: ImageItem list) =
    Detector.Train(options, teacher, Array.ofList images, MasterSeed 7L)

let private scores (detector: Detector) images =
    [ for p in detector.Predict(Array.ofList images) -> p.Score, p.Map.Width, p.Map.Height, List.ofArray p.Map.Values ]

let private weights (detector: Detector) =
    [ for struct (_, part) in detector.Network.Parts do
          for entry in part.state_dict () -> entry.Key, entry.Value.bytes.ToArray() ]

/// The mean difference of neighbouring columns, of some.
let private step (map: AnomalyMap) (columns: int seq) =
    Seq.average
        [ for x in columns do
              for y in 0 .. map.Height - 1 -> float (abs (map.Values[y * map.Width + x] - map.Values[y * map.Width + x - 1])) ]

[<Tests>]
let tests =
    testList
        "Tiled detector"
        [ test "it learns what one learns that gets the tiles as images" {
              use folder = new Scratch.Folder()
              let photos = [ photo folder "a.png"; photo folder "b.png" ]

              let cut =
                  [ for photo in photos do
                        let half = (ImageFile.ReadRgb photo.Path).Resize(128, 128, ResizeFilter.Bilinear)

                        for top in [ 0; 48; 64 ] do
                            for left in [ 0; 48; 64 ] do
                                let name = $"{photo.RelativeName} {top} {left}.png"
                                ImageFile.WritePng(folder.File name, half.Crop(left, top, 64, 64))
                                ImageItem(folder.File name, name, "good", false) ]

              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use whole = train tiled teacher photos
              use parts = train (PatchCoreOptions(InputSize = 64)) teacher cut
              Expect.equal (weights whole) (weights parts) "weights"
              Expect.sequenceEqual whole.Card.TrainingImages [ "a.png"; "b.png" ] "names of photos"
          }
          test "its map has the size of the scaled photo and no seams, and its file predicts the same bits" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use detector = train tiled teacher [ photo folder "a.png" ]
              let test = photo folder "test.png"
              let map = (Seq.exactlyOne (detector.Predict [| test |])).Map
              Expect.equal (map.Width, map.Height) (128, 128) "size"
              // Tiles begin at columns 0, 48 and 64, and the first two end with 63 and 111.
              let seams = [ 48; 64; 112 ]
              Expect.isLessThan (step map seams) (1.5 * step map (List.except seams [ 1..127 ])) "steps at seams and elsewhere"
              detector.Save(folder.File "model.falcon")
              use loaded = Detector.Load(folder.File "model.falcon")
              Expect.equal (scores loaded [ test ]) (scores detector [ test ]) "scores of the loaded one"
              Expect.equal loaded.Card.Method (tiled :> MethodOptions) "method of the loaded one"
          }
          test "photos are held out as a whole, in a few views where there is only one" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              let calibrated (photos: ImageItem list) = CalibratedTraining.Run(tiled, teacher, Array.ofList photos, MasterSeed 7L)
              use three = calibrated [ for name in [ "a.png"; "b.png"; "c.png" ] -> photo folder name ]
              Expect.hasLength (nonNull three.Card.HeldOut).Scores 3 "scores of photos"
              use one = calibrated [ photo folder "a.png" ]
              Expect.hasLength (nonNull one.Card.HeldOut).Scores 4 "scores of views"
          }
          test "inputs that find no room are computed again, to the same bits" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              let photos = [| photo folder "a.png"; photo folder "b.png" |]
              let needs = InputNeeds(true, [| BackboneTap.Layer2 |])

              let read bytes =
                  use kept = new KeptInputs(ComputedInputs(teacher, 1), bytes)

                  [ for images in [ photos; Array.rev photos ] do
                        for input in (kept :> IImageInputs).Load(images, tiled.Preprocessing, needs) do
                            use input = input
                            input.Name, input.Features[BackboneTap.Layer2].data<float32>().ToArray() ]

              let all = read 0L
              Expect.hasLength all 36 "nine tiles of two photos, twice"
              // Nine tiles of 64 × 64 pixels and 128 channels of 8 × 8 are 0.7 megabytes.
              for bytes in [ 1_000_000L; Int64.MaxValue ] do
                  Expect.equal (read bytes) all $"{bytes} bytes"
          }
          test "an image's own score is that of its most anomalous tile" {
              let preprocessing = Preprocessing(2, 2, Tiling = Tiling(0, 1.0))
              use first = new ImageInput(ImageItem("a", "a", "good", false), null, new TeacherFeatures([||], []), [||], 6, 2, Nullable 0)
              let image = WholeImage(preprocessing, first.Width, first.Height)

              for missing, level, score in [ 3, 1f, 0.2; 2, 2f, 0.9; 1, 3f, 0.4 ] do
                  Expect.equal image.Missing missing "missing"
                  image.Add(AnomalyMap(Array.create 4 level, 2, 2), Nullable score)

              Expect.equal image.Missing 0 "missing at the end"
              Expect.equal image.OwnScore (Nullable 0.9) "score"
              Expect.equal image.Map.Values [| 1f; 1f; 2f; 2f; 3f; 3f; 1f; 1f; 2f; 2f; 3f; 3f |] "map"
          }
          test "what cannot be seen in tiles is reported" {
              let findings (options: MethodOptions) = [ for finding in options.Check() -> $"{finding}" ] |> String.concat "\n"
              Expect.stringContains (findings (PatchCoreOptions(InputSize = 64, Tiling = Tiling(64, 1.0)))) "0 to 63" "overlap"
              Expect.stringContains (findings (StpmOptions(Tiling = Tiling(8, 0.0)))) "above 0" "scale"
              Expect.stringContains (findings (PcsNetOptions(Tiling = Tiling(8, 1.0)))) "leave ShorterSide away" "shorter side"
              Expect.stringContains (findings (FdslHeadOptions(Tiling = Tiling(8, 1.0)))) "whole images" "auxiliary images"
              Expect.stringContains (findings (AnomalyDinoOptions(Masking = true, Tiling = Tiling(8, 1.0)))) "Masking" "background"
              Expect.isNonEmpty (PadimOptions(Tiling = Tiling(8, 1.0)).Warnings()) "positions"
              Expect.isNonEmpty (PatchCoreOptions(Tiling = Tiling(8, 1.0)).Warnings()) "patches"
              Expect.isEmpty (PatchCoreOptions(Tiling = Tiling(8, 1.0), Share = 0.01).Warnings()) "fewer patches"

              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use detector = train tiled teacher [ photo folder "a.png" ]
              ImageFile.WritePng(folder.File "small.png", RasterImage(100, 300, 3))
              let small = ImageItem(folder.File "small.png", "small.png", "good", false)
              let error = raised<InvalidInputException>(fun () -> detector.Predict [| small |] |> ignore)
              Expect.stringContains error.Message "small.png: is 50×150" "message"
          } ]
