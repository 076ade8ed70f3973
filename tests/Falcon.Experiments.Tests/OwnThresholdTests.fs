/// Metrics at the threshold that a detector takes from photos that were held out.
module Falcon.Experiments.Tests.OwnThresholdTests

open System.Threading
open Expecto
open Falcon
open Falcon.Backbones
open Falcon.Data
open Falcon.Detection
open Falcon.Experiments
open Falcon.Experiments.Tests.TinyStudy
open Falcon.Methods
open Falcon.Metrics
open Falcon.Randomness
open Falcon.Tests

let private study photos : Experiment =
    { study photos with
        Data = [ Data.at photos |> Data.categories [ "plate" ] ]
        Shots = [ 3 ]
        Seeds = [ 0 ]
        Methods = [ PatchCoreOptions(InputSize = 64); StpmOptions(InputSize = 64, Epochs = 2) ]
        Metrics = [ ImageAuroc; FalseAlarms; Misses; BalancedAccuracy ] }

let private run runtime study = Study.runWith (Listener()) CancellationToken.None runtime study

let private computed stage (result: StudyResult) = Map.tryFind stage result.Computed |> Option.defaultValue 0

[<Tests>]
let tests =
    testList
        "Own threshold"
        [ test "a study measures at the threshold that the same training on the command line has" {
              use folder = new Folder()
              let photos = folder.Path "photos"
              writeData photos
              let study = study photos
              let result = run (runtime (folder.Path "out")) study
              Expect.equal (computed "hold-out" result) 2 "held out"
              let category = (DataFolder.Detect photos).Open "plate"

              for cell, outcome in result.Outcomes do
                  let result =
                      match outcome with
                      | CellOutcome.Computed result -> result
                      | _ -> failtest "computed"

                  use teacher = Teacher.Random(cell.Method.Backbone, MasterSeed 0L, cell.Method.DeepestTap)
                  let learnt = cell.Sampler.Select(category, 3, MasterSeed 0L)

                  use detector = CalibratedTraining.Run(cell.Method, teacher, Array.ofSeq learnt, MasterSeed 0L)

                  let point =
                      OperatingPoint(
                          detector.Threshold,
                          [| for prediction in detector.Predict(Array.ofSeq category.TestImages) ->
                                 let defect: string | null = if prediction.Item.IsAnomalous then prediction.Item.Defect else null
                                 struct (prediction.Score, defect) |]
                      )

                  let value (metric: Metric) = (nonNull (result.Find metric)).Value
                  Expect.equal (List.ofSeq (nonNull result.HeldOut)) (List.ofSeq (nonNull detector.Card.HeldOut).Scores) "held-out scores"
                  Expect.equal (value FalseAlarms) (System.Nullable point.FalseAlarms.Value) "false alarms"
                  Expect.equal (value Misses) (System.Nullable point.Misses.Value) "misses"
          }
          test "what was held out is kept, and a study without such metrics holds nothing out" {
              use folder = new Folder()
              let photos = folder.Path "photos"
              writeData photos
              let study, runtime = study photos, runtime (folder.Path "out")
              let plain = run runtime { study with Metrics = [ ImageAuroc ] }
              Expect.equal (computed "hold-out" plain) 0 "without"
              let first = run runtime study
              Expect.equal (computed "train" first, computed "hold-out" first) (0, 2) "the trainings are there"
              let second = run runtime study
              Expect.isEmpty second.Computed "all is there"
              let other = run runtime { study with Metrics = [ Metric.FalseAlarms 0.2 ] }
              Expect.equal (computed "hold-out" other) 0 "another rate needs no training"
          }
          test "stages between feature, score and metric are refused, since the threshold does not know them" {
              use folder = new Folder()
              let photos = folder.Path "photos"
              writeData photos

              let stage =
                  ScoreStage.create "doubled" 1 2.0 (fun factor -> List.map (fun image -> { image with Score = factor * image.Score }))

              let error =
                  raised<InvalidInputException>(fun () ->
                      run (runtime (folder.Path "out")) { study photos with ScoreStages = [ stage ] } |> ignore)

              Expect.hasLength error.Findings 3 "one for each metric"
              Expect.stringContains error.Message "score stages would leave wrong" "message"
          } ]
