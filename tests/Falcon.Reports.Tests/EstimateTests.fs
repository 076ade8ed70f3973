module Falcon.Reports.Tests.EstimateTests

open System
open Xunit
open Falcon
open Falcon.Metrics
open Falcon.Reports
open Falcon.Results
open Falcon.Reports.Tests.SampleStudy

[<Fact>]
let ``mean and sample standard deviation of a worked example`` () =
    let estimate = Estimate.Of [ 0.90; 0.92; 0.97 ]
    Assert.Equal(0.93, estimate.Mean, 1e-12)
    Assert.Equal(0.036055512754639894, estimate.StandardDeviation.Value, 1e-12)
    Assert.Equal("93.0", estimate.MeanText)
    Assert.Equal("3.6", estimate.StandardDeviationText)

[<Fact>]
let ``a single measurement has no standard deviation`` () =
    let estimate = Estimate.Of [ 0.5 ]
    Assert.False estimate.StandardDeviation.HasValue
    Assert.Null estimate.StandardDeviationText

[<Fact>]
let ``the mean over categories is taken seed by seed, before the mean over seeds`` () =
    let set = CellSet cells
    let contender = set.Contenders[0]

    let expected =
        [ for seed in [ 0L .. 2L ] ->
              [ for cell in cells do
                    if cell.Method = falcon && cell.Protocol.Shots = ShotCount.Of 2 && cell.Seed = seed then
                        (nonNull (cell.Find Metric.ImageAuroc)).Value.Value ]
              |> List.average ]

    let found = (set.MeasureMean("MVTec AD", contender, Metric.ImageAuroc)).Estimate |> nonNull
    Assert.Equal(List.average expected, found.Mean, 1e-12)
    let deviation = sqrt ((expected |> List.sumBy (fun x -> (x - List.average expected) ** 2.0)) / 2.0)
    Assert.Equal(deviation, found.StandardDeviation.Value, 1e-12)

[<Fact>]
let ``a seed that lacks a category does not count in the mean over categories`` () =
    let set = cells |> Array.filter (fun cell -> not (cell.Seed = 1L && cell.Category = "bottle")) |> CellSet
    Assert.Equal(2, (set.MeasureMean("MVTec AD", set.Contenders[0], Metric.ImageAuroc).Estimate |> nonNull).Count)
    let none = cells |> Array.filter (fun cell -> cell.Category = "bottle" || cell.Method = stpm) |> CellSet
    Assert.Equal(Measurement(null, Absence.Incomplete), none.MeasureMean("MVTec AD", none.Contenders[0], Metric.ImageAuroc))

[<Fact>]
let ``repeated cells and mixed protocols under one heading are refused, all at once`` () =
    let repeated = cell falcon "bottle" 2 0L

    let other =
        Protocol(ShotCount.Of 5, "all", CheckpointRule.OracleOnTest(), ImageScoreReducer.Maximum(), EvaluationSize.Original)

    let mixed = cellOf stpm "zipper" 0L other (images stpm "zipper" 5 0L)
    let error = Assert.Throws<InvalidInputException>(fun () -> CellSet(Array.append cells [| repeated; mixed |]) |> ignore)
    Assert.Equal(2, error.Findings.Count)
    Assert.Contains("2 results for one cell", error.Findings[0].What)
    Assert.Contains("best epoch on the test images", error.Findings[1].What)
