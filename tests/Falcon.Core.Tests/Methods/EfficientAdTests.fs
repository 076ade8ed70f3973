module Falcon.Core.Tests.Methods.EfficientAdTests

open System.IO
open Expecto
open TorchSharp
open Falcon.Backbones
open Falcon.Core.Tests
open Falcon.Methods
open Falcon.Randomness

let private floats (tensor: torch.Tensor) = tensor.flatten().data<float32>().ToArray()

let private draws (sample: int, seed: int64) =
    let images = new TrainingImages(null, new TeacherFeatures([||], [||]), [||], [||])
    EfficientAdDraws(EfficientAdOptions(QuantileSample = sample), images, MasterSeed seed)

[<Tests>]
let tests =
    testList
        "EfficientAD"
        [ test "without penalty images there is a warning, which names the option" {
              Expect.stringContains
                  (EfficientAdOptions().Warnings() |> Seq.exactlyOne).Where
                  "PenaltyImages"
                  "where of efficient ad options warnings"

              Expect.isEmpty (EfficientAdOptions(PenaltyImages = Path.GetTempPath()).Warnings()) "efficient ad options penalty images get"
              Expect.isEmpty (EfficientAdOptions.Lite.Warnings()) "warnings of lite"
          }
          test "penalty images smaller than the input are refused" {
              use folder = new Scratch.Folder()

              Expect.stringContains
                  (EfficientAdOptions(InputSize = 576, PenaltyImages = folder.File "").Check() |> Seq.exactlyOne).Fix
                  "at most 512"
                  "fix of efficient ad options input size 576"
          }
          test "channels in which the teacher is the same everywhere are left out, unless all are" {
              use statistics = new EfficientAdStatistics(3L)
              use features = torch.tensor ([| 1f; 2f; 5f; 5f; 3f; 1f |], 1L, 3L, 1L, 2L)
              statistics.Fit features
              use living = statistics.Living features
              Expect.equal (floats living) [| 1f; 2f; 3f; 1f |] "floats living"
              use constant = torch.ones ([| 1L; 3L; 1L; 2L |])
              statistics.Fit constant
              use all = statistics.Living features
              Expect.equal (floats all) (floats features) "floats all"
          }
          test "a sample for quantiles holds different values of the map and follows the seed" {
              use values = torch.arange (1000)

              let sample count seed =
                  use drawn = draws(count, seed).Sample(values, "student") in drawn.``to`` (torch.ScalarType.Float32) |> floats

              let first = sample 100 1L
              Expect.equal (Array.distinct first).Length 100 "number of distinct first"
              Expect.equal (sample 100 1L) first "sample 100"
              Expect.notEqual (sample 100 2L) first "sample 100"
              Expect.equal (sample 0 1L) (Array.init 1000 float32) "sample 0"
          } ]
