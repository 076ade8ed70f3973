module Falcon.Reports.Tests.EstimateTests

open System
open Expecto
open Falcon.Protocol
open Falcon.Tests
open Falcon
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results
open Falcon.Reports.Tests.SampleStudy

[<Tests>]
let tests =
    testList
        "Estimate"
        [ test "mean and sample standard deviation of a worked example" {
              let estimate = Estimate.Of [ 0.90; 0.92; 0.97 ]
              Expect.floatClose (within 1e-12) estimate.Mean 0.93 "mean of estimate"
              Expect.floatClose (within 1e-12) estimate.StandardDeviation.Value 0.036055512754639894 "estimate standard deviation"
              Expect.equal estimate.MeanText "93.0" "mean text of estimate"
              Expect.equal estimate.StandardDeviationText "3.6" "standard deviation text of estimate"
          }
          test "a single measurement has no standard deviation" {
              let estimate = Estimate.Of [ 0.5 ]
              Expect.isFalse estimate.StandardDeviation.HasValue "has value of estimate standard deviation"
              Expect.isNull estimate.StandardDeviationText "standard deviation text of estimate"
          }
          test "the mean over categories is taken seed by seed, before the mean over seeds" {
              let set = CellSet cells
              let contender = set.Contenders[0]

              let expected =
                  [ for seed in [ 0L .. 2L ] ->
                        [ for cell in cells do
                              if cell.Method = falcon && cell.Protocol.Shots = ShotCount.Of 2 && cell.Seed = seed then
                                  (nonNull (cell.Find Metric.ImageAuroc)).Value.Value ]
                        |> List.average ]

              let found = (set.MeasureMean("MVTec AD", contender, Metric.ImageAuroc)).Estimate |> nonNull
              Expect.floatClose (within 1e-12) found.Mean (List.average expected) "mean of found"
              let deviation = sqrt ((expected |> List.sumBy (fun x -> (x - List.average expected) ** 2.0)) / 2.0)
              Expect.floatClose (within 1e-12) found.StandardDeviation.Value deviation "found standard deviation"
          }
          test "a seed that lacks a category does not count in the mean over categories" {
              let set = cells |> Array.filter (fun cell -> not (cell.Seed = 1L && cell.Category = "bottle")) |> CellSet

              Expect.equal
                  (set.MeasureMean("MVTec AD", set.Contenders[0], Metric.ImageAuroc).Estimate |> nonNull).Count
                  2
                  "number of measure mean MVTec AD contenders 0"

              let none = cells |> Array.filter (fun cell -> cell.Category = "bottle" || cell.Method = stpm) |> CellSet

              Expect.equal
                  (none.MeasureMean("MVTec AD", none.Contenders[0], Metric.ImageAuroc))
                  (Measurement(null, Absence.Incomplete))
                  "none measure mean MVTec AD contenders"
          }
          test "repeated cells and mixed protocols under one heading are refused, all at once" {
              let repeated = cell falcon "bottle" 2 0L

              let other =
                  EvaluationProtocol(
                      ShotCount.Of 5,
                      "all",
                      CheckpointRule.OracleOnTest(),
                      ImageScoreReducer.Maximum(),
                      EvaluationSize.Original
                  )

              let mixed = cellOf stpm "zipper" 0L other (images stpm "zipper" 5 0L)
              let error = raised<InvalidInputException>(fun () -> CellSet(Array.append cells [| repeated; mixed |]) |> ignore)
              Expect.equal error.Findings.Count 2 "number of error"
              Expect.stringContains error.Findings[0].What "2 results for one cell" "what of error 0"
              Expect.stringContains error.Findings[1].What "best epoch on the test images" "what of error 1"
          } ]
