module Falcon.Core.Tests.Detection.RegionOfInterestDetectorTests

open System
open Expecto
open Falcon
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Data
open Falcon.Detection
open Falcon.DrawnData
open Falcon.Imaging
open Falcon.Methods
open Falcon.Protocol
open Falcon.Randomness
open Falcon.Tests

[<Literal>]
let private Side = 256

let private scene = Seq.head Scene.All

let private picture name = (scene.Draw(MasterSeed 3L, name)).Picture

let private save (folder: Scratch.Folder) name picture =
    ImageFile.WritePng(folder.File name, picture)
    ImageItem(folder.File name, name, "good", false)

let private photo folder name = save folder name (picture name)

/// The disc in the middle that is half as wide as a photo.
let private inside =
    Array.init (Side * Side) (fun i -> if pown (i % Side - 128) 2 + pown (i / Side - 128) 2 < 64 * 64 then 1uy else 0uy)

let private region = RegionOfInterest(Side, Side, ReadOnlySpan inside)

/// A photo with another outside.
let private defaced (random: RandomStream) (photo: RasterImage) =
    let pixels = Array.mapi (fun i value -> if inside[i / 3] > 0uy then value else byte (random.NextInt(0, 256))) photo.Pixels
    RasterImage(photo.Width, photo.Height, 3, pixels)

let private train (options: MethodOptions) teacher (images: ImageItem list) =
    CalibratedTraining.Run(options, teacher, Array.ofList images, MasterSeed 7L)

let private said (detector: Detector) image =
    let prediction = Seq.exactlyOne (detector.Predict [| image |])
    prediction.Score, prediction.Map.Values, [ for found in detector.Regions prediction -> found.Area, found.Peak ]

let private measured (detector: Detector) =
    let card = detector.Card
    let heldOut = nonNull card.HeldOut
    card.Threshold, card.PixelThreshold, List.ofSeq heldOut.Scores, [ for epoch in card.Epochs -> List.ofSeq epoch.Values ]

let private methods: (string * MethodOptions) list =
    [ "PatchCore", PatchCoreOptions(InputSize = 64, RegionOfInterest = region)
      "PatchCore in tiles", PatchCoreOptions(InputSize = 64, Tiling = Tiling(16, 0.5), RegionOfInterest = region)
      "PaDiM of the middle", PadimOptions(InputSize = 64, ShorterSide = 80, Channels = 20, RegionOfInterest = region)
      "STPM", StpmOptions(InputSize = 64, Epochs = 2, RegionOfInterest = region)
      "FALCON", FalconOptions(InputSize = 64, Epochs = 1, RegionOfInterest = region) ]

[<Tests>]
let tests =
    testList
        "Region of interest of a detector"
        [ testTheory
              "what lies outside changes no weight, no threshold, no map, no score and no region, bit for bit"
              (List.map fst methods)
              (fun name ->
                  use folder = new Scratch.Folder()
                  use teacher = Teacher.Random("resnet18", MasterSeed 1L)
                  let options = methods |> List.find (fst >> (=) name) |> snd
                  let random = MasterSeed(5L).Stream "outside"
                  let names = [ "a.png"; "b.png"; "c.png" ]
                  use one = train options teacher [ for name in names -> photo folder name ]
                  let others = [ for name in names -> save folder $"other-{name}" (defaced random (picture name)) ]

                  use other =
                      train options teacher [ for image in others -> ImageItem(image.Path, image.RelativeName.Substring 6, "good", false) ]

                  Expect.equal (measured other) (measured one) "thresholds, held-out scores and losses"
                  let test = photo folder "test.png"
                  let changed = save folder "changed.png" (defaced random (picture "test.png"))
                  one.Threshold <- 0.5 * one.Threshold
                  Expect.equal (said one changed) (said one test) "what is said"
                  let frame = defaced random (picture "test.png")
                  let framed = one.Predict(ReadOnlySpan frame.Pixels, PixelOrder.Rgb, Side, Side, 3 * Side)
                  let score, map, _ = said one test
                  Expect.equal (framed.Score, framed.Map.Values) (score, map) "what is said of a frame in memory"
                  one.Save(folder.File "model.falcon")
                  use loaded = Detector.Load(folder.File "model.falcon")
                  Expect.equal (said loaded test) (said one test) "what the loaded one says")
          test "a map outside is as low as it gets inside, the score is that of the inside, and regions end at its border" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use detector = train (snd methods.Head) teacher [ photo folder "a.png"; photo folder "b.png" ]
              let prediction = Seq.exactlyOne (detector.Predict [| photo folder "test.png" |])
              let map = prediction.Map.Resize(Side, Side)

              let within =
                  [| for value, seen in Seq.zip map.Values inside do
                         if seen > 0uy then value |]

              Expect.equal prediction.Score (float (Array.max within)) "score"

              for value, seen in Seq.zip map.Values inside do
                  if seen = 0uy then Expect.equal value (Array.min within) "outside"

              // A threshold below all values: everything that is looked at is one region.
              let all = Seq.exactlyOne (prediction.Regions(RegionSearch(-1.0, EdgeHeight = 0.0)))
              Expect.equal all.Area region.Area "area of the region"
          }
          test "a memory holds only patches of the inside" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)

              let rows (options: PatchCoreOptions) =
                  use detector = train options teacher [ photo folder "a.png" ]
                  let struct (_, part) = Seq.exactlyOne detector.Network.Parts
                  (nonNull (part.get_buffer "bank")).shape[0]

              let all = PatchCoreOptions(InputSize = 64, Share = 1.0)
              Expect.equal (rows all) 64L "patches of 8 × 8"
              // Of the disc four of eight patches across.
              for share, kept in [ 1.0, 16L; 0.5, 16L; 0.2, 12L ] do
                  Expect.equal (rows (PatchCoreOptions(all, RegionOfInterest = region, Share = share))) kept $"patches of the disc, {share}"
          }
          test "what is taught later is learnt of the inside alone" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)

              use detector =
                  train (PatchCoreOptions(InputSize = 64, Share = 1.0, RegionOfInterest = region)) teacher [ photo folder "a.png" ]

              Teaching.Run(detector, [| photo folder "b.png" |]) |> ignore
              let struct (_, part) = Seq.exactlyOne detector.Network.Parts
              Expect.equal (nonNull (part.get_buffer "bank")).shape[0] 32L "patches of two discs"
          }
          test "an image's own region takes the place of the method's, for one image and beside others" {
              use folder = new Scratch.Folder()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              ImageFile.WritePng(folder.File "disc.png", RasterImage(Side, Side, 1, Array.map ((*) 255uy) inside))
              let own (image: ImageItem) = ImageItem(image.Path, image.RelativeName, "good", false, null, folder.File "disc.png")
              let whole = PatchCoreOptions(InputSize = 64)
              use one = train (snd methods.Head) teacher [ photo folder "a.png"; photo folder "b.png" ]
              use other = train whole teacher [ own (photo folder "a.png"); own (photo folder "b.png") ]
              Expect.equal other.Threshold one.Threshold "threshold"
              let test, free = photo folder "test.png", photo folder "free.png"
              Expect.equal (said other (own test)) (said one test) "what is said"
              let both = [ for p in other.Predict [| own test; free |] -> p.Score, isNull p.Map.Region ]
              let (score, _, _), (freeScore, _, _) = said one test, said other free
              Expect.equal both [ score, false; freeScore, true ] "beside an image without a region"
          }
          test "the mean of the top of a map is that of the inside" {
              let values = Array.init 100 float32
              let half = Array.init 100 (fun i -> if i >= 50 then 0uy else 1uy)
              Expect.equal (ImageScoreReducer.TopMean(10.0).Within(values, 10, 10, ReadOnlyMemory half)) 47.0 "five of fifty"
          }
          test "methods that look at whole photos refuse a region" {
              let problems = [ for finding in FdslHeadOptions(RegionOfInterest = region).Check() -> finding.Fix ]
              Expect.exists problems (fun fix -> fix.Contains "looks at whole photos") "fix"
          } ]
