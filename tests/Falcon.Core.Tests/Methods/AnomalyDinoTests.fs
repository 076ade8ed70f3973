/// AnomalyDINO against slow, obviously right computations.
module Falcon.Core.Tests.Methods.AnomalyDinoTests

open System
open Expecto
open Falcon.Backbones
open Falcon.Methods
open Falcon.Protocol
open Falcon.Randomness
open Falcon.Tests
open TorchSharp

[<Literal>]
let private Dino = "dinov2_vit_p14_w24_h3_d3_g5"

let private random (seed: int) (shape: int64 array) =
    use generator = new torch.Generator(uint64 seed)
    torch.randn (shape, generator = generator)

let private numbers (tensor: torch.Tensor) = tensor.contiguous().data<float32>().ToArray() |> Array.map float

/// Each position's numbers, row after row.
let private patches (embedding: torch.Tensor) =
    [| for y in 0L .. embedding.shape[1] - 1L do
           for x in 0L .. embedding.shape[2] - 1L -> numbers (embedding.select(2, x).select(1, y)) |]

let private cosine (a: float array) (b: float array) =
    let dot a b = Array.fold2 (fun sum x y -> sum + x * y) 0.0 a b
    dot a b / sqrt (dot a a * dot b b)

let private close (expected: float array) (found: float array) what =
    Expect.hasLength found expected.Length what

    for expected, found in Array.zip expected found do
        Expect.floatClose (within 1e-5) found expected what

/// A detector's network, fitted to two images, with what the teacher says of them and of a third.
let private fitted (options: AnomalyDinoOptions) =
    let teacher = Teacher.Random(Dino, MasterSeed 1L)
    let network = options.CreateNetwork(teacher, MasterSeed 2L)
    let size = int64 options.InputSize.Width
    let images = TrainingImages.Of(options.TrainingNeeds, teacher, random 3 [| 2L; 3L; size; size |], [| "a"; "b" |])
    network.Learn(options.Plan, images, MasterSeed 2L) |> ignore
    let tested = teacher.Features(random 4 [| 1L; 3L; size; size |], [| BackboneTap.Patches |])
    network, images, NetworkInput(null, new TeacherFeatures([| BackboneTap.Patches |], tested)), tested[0].[0]

[<Tests>]
let tests =
    testList
        "AnomalyDINO"
        [ for neighbours in [ 1; 3 ] do
              test $"the score is the mean distance of the furthest patches to their {neighbours} nearest" {
                  use _ = torch.NewDisposeScope()

                  let options =
                      AnomalyDinoOptions(
                          Backbone = Dino,
                          InputSize = 70,
                          Rotations = 1,
                          Neighbours = neighbours,
                          ScoreShare = 0.13,
                          SmoothingSigma = 0.0
                      )

                  let network, images, input, tested = fitted options

                  let memory =
                      [| for i in 0L .. 1L do
                             yield! patches (images.Features[BackboneTap.Patches].[i]) |]

                  let distances =
                      patches tested
                      |> Array.map (fun patch ->
                          1.0 - (memory |> Array.map (cosine patch) |> Array.sortDescending |> Array.take neighbours |> Array.average))

                  let struct (maps, scores) = network.Detect input
                  close [| distances |> Array.sortDescending |> Array.take 3 |> Array.average |] (nonNull scores) "score"
                  Expect.isLessThanOrEqual (maps.max().ToDouble()) (Array.max distances + 1e-6) "the map's largest value"
                  Expect.equal (string options.ImageScore) (string (ImageScoreReducer.Own())) "image score"
              }

          test "good images are remembered in every direction" {
              use _ = torch.NewDisposeScope()
              let network, images, _, _ = fitted (AnomalyDinoOptions(Backbone = Dino, InputSize = 56, Rotations = 4))
              let turned = torch.rot90 (nonNull images.Pixels, 1L, struct (2L, 3L))
              let seen = network.Teacher.Features(turned, [| BackboneTap.Patches |])
              let struct (_, scores) = network.Detect(NetworkInput(null, new TeacherFeatures([| BackboneTap.Patches |], seen)))

              for score in nonNull scores do
                  Expect.floatClose (within 1e-4) (1.0 + score) 1.0 "score of a turned good image"
          }

          test "a quarter turn moves pixels exactly, an eighth keeps the middle and mirrors the border" {
              use _ = torch.NewDisposeScope()
              let image = random 5 [| 1L; 2L; 9L; 9L |]
              let quarter = Rotation.Of(image, Math.PI / 2.0)
              Expect.isTrue (quarter.allclose (torch.rot90 (image, 1L, struct (2L, 3L)), 1e-5, 1e-5)) "a quarter turn"
              let eighth = Rotation.Of(image, Math.PI / 4.0)
              Expect.isTrue (eighth[0, 0, 4, 4].allclose(image[0, 0, 4, 4], 1e-5, 1e-5)) "the middle"
              let flat = Rotation.Of(3.0f * torch.ones ([| 1L; 1L; 6L; 8L |]), 1.0)
              Expect.isTrue (flat.allclose (3.0f * torch.ones ([| 1L; 1L; 6L; 8L |]), 1e-5, 1e-5)) "an image of one value, oblong"
          }

          test "a full turn in steps is the image again, oblong or not" {
              use _ = torch.NewDisposeScope()
              let image = torch.ones [| 1L; 1L; 12L; 20L |]
              image[0, 0, 5, 12] <- torch.tensor 5.0f
              let half = Rotation.Of(image, Math.PI)
              Expect.isTrue (half.allclose (torch.rot90 (image, 2L, struct (2L, 3L)), 1e-4, 1e-4)) "half a turn"
          }

          test "foreground is what the first component tells from the rest, widened by a patch" {
              use _ = torch.NewDisposeScope()
              let embedding = 0.1f * random 6 [| 1L; 5L; 12L; 12L |]
              // An object in the middle, off along one direction.
              for y in 3..8 do
                  for x in 4..8 do
                      embedding[0, 2, y, x] <- embedding[0, 2, y, x] + 60.0f

              let mask = ForegroundPatches.Of(embedding, 10.0)

              let expected =
                  [| for y in 0..11 do
                         for x in 0..11 -> if y >= 2 && y <= 9 && x >= 3 && x <= 9 then 1.0 else 0.0 |]

              close expected (numbers mask) "mask"
          }

          test "masked background counts as good" {
              use _ = torch.NewDisposeScope()

              let options =
                  AnomalyDinoOptions(
                      Backbone = Dino,
                      InputSize = 70,
                      Rotations = 1,
                      MaskThreshold = 1e9,
                      Masking = true,
                      SmoothingSigma = 0.0
                  )

              let network, _, input, _ = fitted options
              let struct (maps, scores) = network.Detect input
              Expect.equal (maps.max().ToDouble()) 0.0 "the map's largest value"
              Expect.equal scores [| 0.0 |] "scores"
          } ]
