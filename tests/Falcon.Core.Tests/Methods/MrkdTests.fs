/// What MRKD's fixtures do not pin.
module Falcon.Core.Tests.Methods.MrkdTests

open Expecto
open Falcon.Tests
open TorchSharp
open Falcon.Backbones
open Falcon.Imaging
open Falcon.Methods
open Falcon.Randomness

/// Every pixel another colour, none of them near gray level 20.
let private colourful width height =
    RasterImage(width, height, 3, Array.init (3 * width * height) (fun i -> byte (60 + (i / 3 * 7 + i % 3 * 50) % 190)))

let private plain level = RasterImage(64, 64, 3, Array.create (3 * 64 * 64) level)

let private colours (image: RasterImage) = image.Pixels |> Array.chunkBySize 3

let private changed (before: RasterImage) (after: RasterImage) =
    Array.zip (colours before) (colours after)
    |> Array.indexed
    |> Array.filter (fun (_, (a, b)) -> a <> b)
    |> Array.map fst

let private masked (options: MrkdOptions) image (seed: int) : RasterImage =
    options.MaskOf(image).Invoke(MasterSeed(int64 seed).Stream "test")

let private small = MrkdOptions(InputSize = 64, Backbone = "resnet18")

let private network (options: MrkdOptions) teacher =
    let network = new MrkdNetwork(options, teacher, MasterSeed 3L)
    network.Train false
    network

let private pixels count =
    use generator = new torch.Generator(5UL)
    torch.rand ([| count; 3L; 64L; 64L |], generator = generator)

let private values (map: torch.Tensor) = map.data<float32>().ToArray()

let private difference a b = Array.map2 (fun a b -> abs (a - b)) (values a) (values b) |> Array.max |> float

[<Tests>]
let tests =
    testList
        "MRKD"
        [ testProperty "a patch swap brings no colour that the image has not, and leaves the image itself alone" (fun (seed: int) ->
              let image = colourful 96 64
              let before = Array.copy image.Pixels
              let swapped = masked small image seed
              image.Pixels = before && Set.isSubset (set (colours swapped)) (set (colours image)))
          testProperty "a patch of a fixed size is six pixels wide at 256" (fun (seed: int) ->
              let image = colourful 256 256
              let options = MrkdOptions(PatchRows = ExtentBounds(0.01, 0.01), PatchColumns = ExtentBounds(0.01, 0.01), Patches = 1)
              let pasted = changed image (masked options image seed)
              let extent along = let at = Array.map along pasted in if Array.isEmpty at then 0 else Array.max at - Array.min at + 1
              extent (fun i -> i / 256) <= 6 && extent (fun i -> i % 256) <= 6)
          test "where all is background nothing is pasted" {
              let image = plain 25uy
              let options = MrkdOptions(small, Background = 20.0)
              Expect.equal (masked options image 1).Pixels image.Pixels "pixels"
          }
          testProperty "before a background patches lie on the part, or replace it by background" (fun (seed: int) ->
              let image = plain 20uy
              let part = colourful 64 64
              let inside i = i / 64 >= 10 && i / 64 < 50 && i % 64 >= 20 && i % 64 < 60

              for i in 0 .. 64 * 64 - 1 do
                  if inside i then System.Array.Copy(part.Pixels, 3 * i, image.Pixels, 3 * i, 3)

              let options = MrkdOptions(small, Background = 20.0, MinimalObject = 1.0, MinimalOverlap = 0.999)
              changed image (masked options image seed) |> Array.forall inside)
          testProperty
              "a blended patch has no edge: of a ramp, which differs from itself elsewhere by a constant, it changes nothing"
              (fun (seed: int) ->
                  let ramp = RasterImage(64, 64, 3, Array.init (3 * 64 * 64) (fun i -> byte (i / 3 % 64 * 2 + i / 3 / 64)))
                  let swap = masked small ramp seed
                  let blended = masked (MrkdOptions(small, Blending = PatchBlending.Poisson)) ramp seed
                  blended.Pixels = ramp.Pixels && swap.Pixels <> ramp.Pixels)
          test "a blended patch keeps its differences and meets the rim of its place" {
              use _ = torch.NewDisposeScope()
              use generator = new torch.Generator(5UL)
              let rim = torch.rand ([| 2L; 9L; 14L |], torch.float64, generator = generator)
              let all = rim.clone ()
              all.narrow(1, 1L, 7L).narrow(2, 1L, 12L).copy_(PoissonBlending.Membrane rim) |> ignore
              let at row column = all.narrow(1, row, 7L).narrow(2, column, 12L)
              let mean = (at 0L 1L + at 2L 1L + at 1L 0L + at 1L 2L).mul(torch.tensor 0.25)
              Expect.isLessThan ((mean - at 1L 1L).abs().max().ToDouble()) 1e-12 "mean of neighbours"
          }
          testProperty "CutPaste changes at most a seventh of the image, and gray stays gray" (fun (seed: int) ->
              let options = MrkdOptions(small, ImageMasking = ImageMasking.CutPaste)
              let image = colourful 64 64
              let gray = RasterImage(64, 64, 3, Array.init (3 * 64 * 64) (fun i -> byte (i / 3 % 200)))

              (changed image (masked options image seed)).Length <= 64 * 64 * 15 / 100
              && colours (masked options gray seed) |> Array.forall (fun pixel -> pixel[0] = pixel[1] && pixel[1] = pixel[2]))
          test "a turn of the hue by nothing changes nothing, and colours stay colours" {
              let image = colourful 16 16
              Expect.equal (ColourJitter.Of(image, 0.0, MasterSeed(0L).Stream "test")).Pixels image.Pixels "pixels"
          }
          test "a score depends neither on the other images nor on their order" {
              use _ = torch.NewDisposeScope()
              use _ = torch.no_grad ()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              use network = network small teacher
              let images = pixels 3L
              let together = network.Map images
              let reversed = network.Map(images.flip 0L)

              for i in 0L .. 2L do
                  Expect.isLessThan (difference together[i] reversed[2L - i]) 1e-5 "in another order"
                  Expect.isLessThan (difference together[i] (network.Map(images.narrow (0L, i, 1L))[0L])) 1e-5 "alone"
          }
          test "several test masks give the mean of their maps, and none hides nothing" {
              use _ = torch.NewDisposeScope()
              use _ = torch.no_grad ()
              use teacher = Teacher.Random("resnet18", MasterSeed 1L)
              let images = pixels 2L
              let map masks = (network (MrkdOptions(small, TestMasks = masks)) teacher).Map images
              let one, two = map 1, map 2
              Expect.isGreaterThan (difference one two) 1e-3 "one and two masks"
              use network = network small teacher
              use features = new TeacherFeatures(small.ScoringNeeds.Taps, teacher.Features(images, small.ScoringNeeds.Taps))
              let sizes = MrkdNetwork.Sizes features

              let drawn =
                  [ for i in 0..1 ->
                        network.Map(
                            features,
                            [ FeatureMasks.Draw([ MasterSeed(3L).Stream("mrkd/test-mask", string i) ], sizes, 0.2, torch.CPU) ]
                        ) ]

              Expect.isLessThan (difference two (torch.stack(drawn).mean([| 0L |]))) 1e-5 "mean"
              Expect.isLessThan (difference (map 0) (network.Map(features, [ null ]))) 1e-6 "none"
          }
          test "the student of a wide teacher is as large as the public code's" {
              use _ = torch.NewDisposeScope()
              use student = new MaskedDecoder(BackboneCatalog.Find "wide_resnet50_2")
              Expect.equal (student.parameters () |> Seq.sumBy _.numel()) 50742272L "parameters"
          }
          test "every published category has possible settings, an unknown one the defaults" {
              let categories =
                  [ "bottle"
                    "capsule"
                    "screw"
                    "zipper"
                    "hazelnut"
                    "pill"
                    "metal_nut"
                    "toothbrush"
                    "cable"
                    "transistor" ]
                  @ [ "carpet"; "leather"; "grid"; "tile"; "wood" ]

              for category in categories do
                  Expect.isEmpty (MrkdOptions.ForCategory(category).Check()) category

              Expect.equal (MrkdOptions.ForCategory "flange") (MrkdOptions()) "an unknown category"
              let nut = MrkdOptions.ForCategory "metal_nut"
              Expect.equal (nut.Patches, nut.PatchColumns, nut.MinimalObject) (1, ExtentBounds(0.01, 0.01), 0.5) "metal_nut"
          }
          test "impossible options are all reported at once" {
              let options =
                  MrkdOptions(
                      InputSize = 32,
                      Patches = 0,
                      PatchRows = ExtentBounds(0.2, 0.1),
                      PatchColumns = ExtentBounds(0.1, 0.5),
                      Background = 300.0,
                      MinimalObject = 1.5,
                      MaskRatio = 1.0,
                      TestMasks = -1
                  )

              Expect.equal
                  [ for finding in options.Check() -> finding.Where.Split(' ') |> Array.last ]
                  [ "InputSize"
                    "Patches"
                    "PatchRows"
                    "PatchColumns"
                    "Background"
                    "MinimalObject"
                    "MaskRatio"
                    "TestMasks" ]
                  "findings"
          } ]
